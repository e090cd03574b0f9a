-- Secrets of the installation itself, made at first use: so that what one process signed, another one knows.
CREATE TABLE server_secret (
    name TEXT NOT NULL PRIMARY KEY,
    secret TEXT NOT NULL
);
