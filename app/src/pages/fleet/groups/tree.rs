//! The tree of groups.

use std::sync::Arc;

use domain::fleet::view::GroupInfo;
use leptos::prelude::*;

use super::{href, name};
use crate::api::fleet::groups::GroupPage;
use crate::ui::{Load, Tree, TreeNode};
use crate::words::{tu_string, words};

/// A tree of so many groups is shown as a whole.
const MOST: usize = 60;

/// The tree, open down to the chosen group.
pub fn tree(page: &GroupPage) -> AnyView {
    let current = page.group.as_ref().map(|group| group.id);
    let open: Option<Vec<String>> = (page.groups.len() > MOST).then(|| {
        let above = page.group.as_ref().map(|group| above(page, group)).unwrap_or_default();
        above.into_iter().map(|group| group.gid.clone()).collect()
    });
    let nodes = below(page, None, open.as_deref());
    // All of it is at hand: opening a branch asks nobody.
    let whole = page.clone();
    let load: Load = Arc::new(move |id| {
        let group = whole.groups.iter().find(|group| group.id == id);
        let children = group.map(|group| below(&whole, Some(&group.gid), Some(&[])));
        Box::pin(async move { Ok(children.unwrap_or_default()) })
    });
    view! { <Tree nodes current load label=tu_string!(words(), fleet.tree) /> }.into_any()
}

/// The groups right below one; `open` are those whose branch is open, all when there is none.
fn below(page: &GroupPage, parent: Option<&str>, open: Option<&[String]>) -> Vec<TreeNode> {
    let node = |group: &GroupInfo| {
        let branch = page.groups.iter().any(|other| other.parent_gid.as_ref() == Some(&group.gid));
        let is_open = open.is_none_or(|open| open.contains(&group.gid));
        TreeNode {
            id: group.id,
            name: name(group),
            icon: "i-grid",
            href: href(page, Some(group.id)),
            count: Some(group.all_devices),
            branch,
            children: (branch && is_open).then(|| below(page, Some(&group.gid), open)),
        }
    };
    page.groups.iter().filter(|group| group.parent_gid.as_deref() == parent).map(node).collect()
}

/// The groups that a group is part of, from the top down, and it.
pub fn above<'a>(page: &'a GroupPage, group: &'a GroupInfo) -> Vec<&'a GroupInfo> {
    let parent = |group: &&'a GroupInfo| {
        let gid = group.parent_gid.as_ref()?;
        page.groups.iter().find(|other| other.gid == *gid)
    };
    let mut above: Vec<_> = std::iter::successors(Some(group), parent).take(page.groups.len()).collect();
    above.reverse();
    above
}

/// The way to a group as links.
pub fn way(page: &GroupPage, group: &GroupInfo) -> AnyView {
    let link = |(at, group): (usize, &GroupInfo)| {
        view! {
            {(at > 0).then_some(" › ")}
            <a class="fig" href=href(page, Some(group.id))>
                {name(group)}
            </a>
        }
    };
    above(page, group).into_iter().enumerate().map(link).collect_view().into_any()
}
