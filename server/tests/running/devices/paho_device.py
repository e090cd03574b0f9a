"""A device by PyPI's paho-mqtt: connects, reports, is told something, and is refused what is not its own.

Says each step in a line; ends with 0 when all went as it should.
"""

import sys
import threading

import paho.mqtt.client as mqtt

host, port, version, key, did, other, passcode = sys.argv[1:]
protocol = {"3.1": mqtt.MQTTv31, "3.1.1": mqtt.MQTTv311, "5": mqtt.MQTTv5}[version]
PATIENCE = 10


class Device:
    """A connection, with what happened to it."""

    def __init__(self, name, password):
        self.client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2, client_id=name, protocol=protocol)
        self.client.username_pw_set(name, password)
        self.code = None
        self.answered, self.subscribed = threading.Event(), threading.Event()
        self.told, self.ended = threading.Event(), threading.Event()
        self.granted, self.message, self.acks = [], None, {}
        self.client.on_connect = self.on_connect
        self.client.on_subscribe = self.on_subscribe
        self.client.on_message = self.on_message
        self.client.on_publish = self.on_publish
        self.client.on_disconnect = lambda *_: self.ended.set()
        self.client.connect(host, int(port), keepalive=60)
        self.client.loop_start()
        assert self.answered.wait(PATIENCE), "no answer"

    def on_connect(self, client, userdata, flags, code, properties):
        self.code = code
        self.answered.set()
        if code.is_failure:
            client.disconnect()

    def on_subscribe(self, client, userdata, mid, codes, properties):
        self.granted = codes
        self.subscribed.set()

    def on_message(self, client, userdata, message):
        self.message = message
        self.told.set()

    def on_publish(self, client, userdata, mid, code, properties):
        self.acks[mid] = code

    def subscribe(self, topic):
        self.subscribed.clear()
        self.client.subscribe(topic, qos=1)
        assert self.subscribed.wait(PATIENCE), "no answer to a subscription"
        return not self.granted[0].is_failure

    def publish(self, topic, text):
        sent = self.client.publish(topic, text, qos=1)
        sent.wait_for_publish(PATIENCE)
        assert sent.is_published(), "no acknowledgement"
        return self.acks[sent.mid]

    def end(self):
        self.client.disconnect()
        self.client.loop_stop()


def say(line):
    print(line, flush=True)


stranger = Device(did, "not the passcode")
assert stranger.code.is_failure, stranger.code
stranger.end()
say(f"refused: {stranger.code}")

device = Device(did, passcode)
assert not device.code.is_failure, device.code
up, down = f"millwright/{key}/{did}/up", f"millwright/{key}/{did}/down"
for temperature in (20, 21, 22):
    assert not device.publish(up, f'{{"attrs": {{"set_temp": {temperature}}}}}').is_failure
assert device.subscribe(down)
assert not device.subscribe(f"millwright/{key}/{other}/down")
say("ready")
assert device.told.wait(PATIENCE), "not told anything"
assert device.message.topic == down, device.message.topic
say(f"told: {device.message.payload.decode()}")
assert not device.publish(up, device.message.payload).is_failure

if version == "5":
    code = device.publish(f"millwright/{key}/{other}/up", "x")
    assert code.is_failure, code
else:
    device.ended.clear()
    device.client.publish(f"millwright/{key}/{other}/up", "x", qos=1)
    assert device.ended.wait(PATIENCE), "a foreign topic was taken"
device.end()
say("done")
