//! Making, naming, moving and deleting a group; putting devices into it by a pasted list.

use domain::fleet::view::GroupInfo;
use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use super::super::results::results;
use super::tree::above;
use super::{href, name};
use crate::api::fleet::groups::{
    AssignDevices, CreateGroup, DeleteGroup, GroupPage, MoveGroup, RemoveDevices, RenameGroup,
};
use crate::ui::{Drafted, Field, FormError, Icon, Lines, Panel, Select, failure, link_with};
use crate::words::{tu, tu_string, words};

/// What the page can do. It outlives what is fetched, so that an answer is not lost.
#[derive(Clone, Copy)]
pub struct Writes {
    create: ServerAction<CreateGroup>,
    rename: ServerAction<RenameGroup>,
    shift: ServerAction<MoveGroup>,
    delete: ServerAction<DeleteGroup>,
    assign: ServerAction<AssignDevices>,
    /// Takes devices out.
    pub remove: ServerAction<RemoveDevices>,
    /// The devices that are chosen for it: what is fetched anew leaves them chosen.
    pub chosen: RwSignal<Vec<String>>,
}

impl Writes {
    /// Nothing done yet.
    pub fn new() -> Self {
        Self {
            create: ServerAction::new(),
            rename: ServerAction::new(),
            shift: ServerAction::new(),
            delete: ServerAction::new(),
            assign: ServerAction::new(),
            remove: ServerAction::new(),
            chosen: RwSignal::new(Vec::new()),
        }
    }

    /// Grows with each thing done.
    pub fn done(self) -> usize {
        self.create.version().get()
            + self.rename.version().get()
            + self.shift.version().get()
            + self.delete.version().get()
            + self.assign.version().get()
            + self.remove.version().get()
    }
}

/// The form that the address asks for.
pub fn pane(edit: &str, page: &GroupPage, writes: Writes) -> AnyView {
    if !page.writable {
        return ().into_any();
    }
    let form = match (edit, &page.group) {
        ("new", group) => create(page, group.as_ref(), writes),
        ("rename", Some(group)) => rename(page, group, writes),
        ("move", Some(group)) => shift(page, group, writes),
        ("assign", Some(group)) => assign(page, group, writes),
        _ => return ().into_any(),
    };
    view! { <div class="edit-form">{form}</div> }.into_any()
}

/// What every form of a group sends along.
fn hidden(page: &GroupPage, group: &GroupInfo) -> AnyView {
    let product_key = page.product.as_ref().map(|product| product.product_key.clone());
    view! {
        <input type="hidden" name="product_key" value=product_key />
        <input type="hidden" name="gid" value=group.gid.clone() />
        <input type="hidden" name="back" value=href(page, Some(group.id)) />
    }
    .into_any()
}

fn buttons(label: &'static str, cancel: Option<String>) -> AnyView {
    let cancel = cancel.map(|href| {
        view! {
            <a class="btn quiet" href=href>
                {tu!(words(), common.cancel)}
            </a>
        }
    });
    view! {
        <div class="acts">
            <button class="btn primary" type="submit">
                {label}
            </button>
            {cancel}
        </div>
    }
    .into_any()
}

fn create(page: &GroupPage, parent: Option<&GroupInfo>, writes: Writes) -> AnyView {
    let w = words();
    let action = writes.create;
    let error = failure(action);
    let product_key = page.product.as_ref().map(|product| product.product_key.clone());
    let note = parent.map(|parent| tu_string!(w, fleet.below, name = name(parent)).to_string());
    let cancel = parent.map(|parent| href(page, Some(parent.id)));
    let above = parent.map(|parent| parent.gid.clone()).unwrap_or_default();
    view! {
        <Panel title=tu_string!(w, fleet.new_group) note=note.unwrap_or_default()>
            <ActionForm action attr:class="stack2">
                <Drafted path=CreateGroup::PATH>
                    <input type="hidden" name="product_key" value=product_key />
                    <input type="hidden" name="parent" value=above />
                    <Field name="name" label=tu_string!(w, device.name) required=true error />
                    <FormError error fields=&["name"] />
                    {buttons(tu_string!(w, fleet.create), cancel)}
                </Drafted>
            </ActionForm>
        </Panel>
    }
    .into_any()
}

fn rename(page: &GroupPage, group: &GroupInfo, writes: Writes) -> AnyView {
    let w = words();
    let action = writes.rename;
    let error = failure(action);
    let (hidden, value, cancel) = (hidden(page, group), group.name.clone(), href(page, Some(group.id)));
    view! {
        <Panel title=tu_string!(w, fleet.rename) note=name(group)>
            <ActionForm action attr:class="stack2">
                <Drafted path=RenameGroup::PATH>
                    {hidden}
                    <Field name="name" label=tu_string!(w, device.name) value required=true error />
                    <FormError error fields=&["name"] />
                    {buttons(tu_string!(w, common.save), Some(cancel))}
                </Drafted>
            </ActionForm>
        </Panel>
    }
    .into_any()
}

fn shift(page: &GroupPage, group: &GroupInfo, writes: Writes) -> AnyView {
    let w = words();
    let action = writes.shift;
    let error = failure(action);
    // Where it can go: not into itself, not where it is.
    let targets: Vec<(String, String)> = page
        .groups
        .iter()
        .filter(|other| !above(page, other).iter().any(|above| above.gid == group.gid))
        .map(|other| {
            let way: Vec<String> = above(page, other).into_iter().map(name).collect();
            (other.gid.clone(), way.join(" › "))
        })
        .collect();
    let value = group.parent_gid.clone().unwrap_or_default();
    let (hidden, cancel) = (hidden(page, group), href(page, Some(group.id)));
    view! {
        <Panel title=tu_string!(w, fleet.shift) note=name(group)>
            <ActionForm action attr:class="stack2">
                <Drafted path=MoveGroup::PATH>
                    {hidden}
                    <Select name="parent_gid" label=tu_string!(w, fleet.shift_to) options=targets value error />
                    <FormError error fields=&["parent_gid"] />
                    {buttons(tu_string!(w, fleet.shift), Some(cancel))}
                </Drafted>
            </ActionForm>
        </Panel>
    }
    .into_any()
}

fn assign(page: &GroupPage, group: &GroupInfo, writes: Writes) -> AnyView {
    let w = words();
    let action = writes.assign;
    let error = failure(action);
    let product_key = page.product.as_ref().map(|product| product.product_key.clone());
    let (gid, own) = (group.gid.clone(), href(page, Some(group.id)));
    let actions = vec![
        ("assign".to_owned(), tu_string!(w, fleet.put_in).to_owned()),
        ("unassign".to_owned(), tu_string!(w, fleet.take_out).to_owned()),
    ];
    let others = vec![
        ("false".to_owned(), tu_string!(w, fleet.leave).to_owned()),
        ("true".to_owned(), tu_string!(w, fleet.bring).to_owned()),
    ];
    view! {
        <Panel title=tu_string!(w, fleet.paste) note=name(group)>
            <ActionForm action attr:class="stack2">
                <Drafted path=AssignDevices::PATH>
                    <input type="hidden" name="product_key" value=product_key />
                    <input type="hidden" name="gid" value=gid />
                    <input type="hidden" name="back" value=format!("{own}&edit=assign") />
                    <Lines name="names" label=tu_string!(w, fleet.list) help=tu_string!(w, fleet.list_help) error />
                    <div class="params">
                        <Select name="action" label=tu_string!(w, fleet.what) options=actions value="assign" error />
                        <Select name="reassign" label=tu_string!(w, fleet.others) options=others value="false" />
                    </div>
                    <FormError error fields=&["names", "action"] />
                    {buttons(tu_string!(w, fleet.apply), Some(own.clone()))}
                </Drafted>
            </ActionForm>
            {results(action)}
        </Panel>
    }
    .into_any()
}

/// What can be done to a group.
pub fn actions(page: &GroupPage, group: &GroupInfo, writes: Writes) -> AnyView {
    let w = words();
    let link = |edit: &'static str, label: &'static str| {
        let href = link_with([
            ("edit", Some(edit.to_owned())),
            ("page", None),
            ("group", Some(group.id.to_string())),
        ]);
        view! {
            <a class="btn s" href=href>
                {label}
            </a>
        }
    };
    let shift = group.parent_gid.is_some().then(|| link("move", tu_string!(w, fleet.shift)));
    let error = failure(writes.delete);
    let parent = page.groups.iter().find(|other| Some(&other.gid) == group.parent_gid.as_ref());
    let back = href(page, parent.map(|parent| parent.id));
    let product_key = page.product.as_ref().map(|product| product.product_key.clone());
    let empty =
        group.devices == 0 && !page.groups.iter().any(|other| other.parent_gid.as_ref() == Some(&group.gid));
    let title = tu_string!(w, fleet.delete_title, name = name(group)).to_string();
    let gid = group.gid.clone();
    let delete = if empty {
        view! {
            <b>{title}</b>
            <p>{tu!(w, fleet.delete_why)}</p>
            <ActionForm action=writes.delete>
                <FormError error />
                <input type="hidden" name="product_key" value=product_key />
                <input type="hidden" name="gid" value=gid />
                <input type="hidden" name="back" value=back />
                <button class="btn s danger" type="submit">
                    {tu!(w, fleet.delete)}
                </button>
            </ActionForm>
        }
        .into_any()
    } else {
        view! {
            <b>{tu!(w, fleet.delete_refused)}</b>
            <p>{tu!(w, fleet.delete_refused_why)}</p>
        }
        .into_any()
    };
    view! {
        <div class="acts top-acts">
            {link("assign", tu_string!(w, fleet.paste))} {link("rename", tu_string!(w, fleet.rename))} {shift}
            <details class="ask" open=move || error.get().is_some()>
                <summary class="btn s">{tu!(w, fleet.delete)}</summary>
                <div class="note bad">
                    <Icon name="i-warn" />
                    <div>{delete}</div>
                </div>
            </details>
        </div>
    }
    .into_any()
}
