//! Single datapoints of a product. In products of fixed length, all places follow anew from what is there then.

use super::products::change;
use crate::access::{Access, Area};
use crate::device::{Datapoint, Definition, Product, PutDatapoint, UpdateProduct};
use crate::{Ctx, Error, Result, text};

/// Adds a datapoint, or changes the one that is named. Refusals name the field of the datapoint: `uint_spec.max`.
pub async fn put_datapoint(ctx: &Ctx, params: PutDatapoint) -> Result<Product> {
    ctx.require(Area::Device, Access::Write)?;
    let PutDatapoint { product_key, was, mut attr } = params;
    let put = move |stored: &str| {
        let known = Definition::parse(stored)?;
        let mut points = known.datapoints().to_vec();
        let at = was.map(|was| place_of(&points, &was)).transpose()?;
        // points are in the order of their ids
        let id = at.map_or_else(|| points.last().map_or(0, |last| last.id + 1), |at| points[at].id);
        attr.insert("id".into(), id.into());
        let point = Definition::datapoint(&attr.into())?;
        let name = &point.name;
        let taken = points.iter().enumerate().any(|(other, known)| Some(other) != at && known.name == *name);
        if taken {
            return Err(Error::invalid(
                "name",
                text!("{name} is taken; choose another", "{name} 已被使用，请换一个"),
            ));
        }
        match at {
            Some(at) => points[at] = point,
            None => points.push(point),
        }
        known.with_datapoints(&points)
    };
    change(ctx, UpdateProduct { product_key, ..UpdateProduct::default() }, None, put).await
}

/// Removes a datapoint. What devices said of it stays where it is kept.
pub async fn remove_datapoint(ctx: &Ctx, product_key: String, name: String) -> Result<Product> {
    ctx.require(Area::Device, Access::Write)?;
    let remove = move |stored: &str| {
        let known = Definition::parse(stored)?;
        let mut points = known.datapoints().to_vec();
        points.remove(place_of(&points, &name)?);
        known.with_datapoints(&points)
    };
    change(ctx, UpdateProduct { product_key, ..UpdateProduct::default() }, None, remove).await
}

fn place_of(points: &[Datapoint], name: &str) -> Result<usize> {
    let at = points.iter().position(|point| point.name == name);
    at.ok_or_else(|| Error::unknown("name", text!("datapoint {name}", "数据点 {name} ")))
}
