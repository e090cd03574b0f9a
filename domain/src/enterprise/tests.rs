use super::service::{
    check_token, clean_up_tokens, count_call, create_enterprise, enterprise_ctx, find_enterprise, find_token,
    issue_token, quota_of,
};
use super::{CreateEnterprise, EXPIRED_KEPT, Enterprise, IssueToken, QUOTA_SPAN, TOKEN_LIFE};
use crate::db::testing::TestPlant;
use crate::device::service::{create_product, update_product};
use crate::device::{CreateProduct, UpdateProduct};
use crate::{Code, Ctx, Error, Result, db_test};

async fn enterprise(ctx: &Ctx, id: &str, calls_per_hour: i64) -> Enterprise {
    let params = CreateEnterprise {
        enterprise_id: Some(id.into()),
        enterprise_secret: Some(format!("secret of {id}").replace(' ', "-")),
        calls_per_hour: Some(calls_per_hour),
        ..CreateEnterprise::default()
    };
    create_enterprise(ctx, params).await.expect("an enterprise");
    find_enterprise(&ctx.services, id).await.expect("the enterprise")
}

async fn product(ctx: &Ctx, key: &str) {
    let params = CreateProduct {
        name: Some("Pump".into()),
        product_key: Some(key.into()),
        product_secret: Some(format!("secret-{key}")),
        ..CreateProduct::default()
    };
    create_product(ctx, params).await.expect("a product");
}

fn credentials(key: &str) -> IssueToken {
    IssueToken {
        product_key: key.into(),
        enterprise_id: "E1".into(),
        enterprise_secret: "secret-of-E1".into(),
        product_secret: format!("secret-{key}"),
    }
}

fn code<T: std::fmt::Debug>(answer: Result<T>) -> Code {
    match answer {
        Err(Error::Coded(code, _)) => code,
        other => panic!("no code: {other:?}"),
    }
}

async fn ready(plant: &TestPlant) -> Ctx {
    let ctx = plant.ctx();
    let caller = enterprise(&ctx, "E1", 3600).await;
    product(&ctx, "pk1").await;
    product(&ctx, "pk2").await;
    enterprise_ctx(&plant.services, &caller).await.expect("a context")
}

db_test!(
    async fn a_token_is_good_for_one_product_and_seven_days(plant: TestPlant) {
        let ctx = ready(&plant).await;
        let issued = issue_token(&ctx, credentials("pk1")).await.expect("a token");
        assert_eq!(issued.token.len(), 32);
        assert_eq!(issued.expire_at, (ctx.now() + TOKEN_LIFE) / 1000);
        let another = issue_token(&ctx, credentials("pk1")).await.expect("a token");
        assert_ne!(issued.token, another.token);
        let grant = find_token(&plant.services, &issued.token).await.expect("the first one stays good");
        check_token(&ctx, &grant, Some("pk1")).await.expect("its product");
        assert_eq!(code(check_token(&ctx, &grant, Some("pk2")).await), Code::TokenNotMatchProductKey);
        assert_eq!(code(check_token(&ctx, &grant, Some("pk3")).await), Code::ProductKeyNotExist);
        assert_eq!(code(find_token(&plant.services, "guessed").await), Code::TokenInvalid);
        let rows = plant.rows_of(ctx.tenant_id()).await;
        assert!(!format!("{rows:?}").contains(&issued.token), "only its hash is kept");

        plant.clock.set(ctx.now() + TOKEN_LIFE - 1);
        check_token(&ctx, &grant, Some("pk1")).await.expect("the last moment");
        plant.clock.set(ctx.now() + 1);
        assert_eq!(code(check_token(&ctx, &grant, Some("pk1")).await), Code::TokenHasExpired);
        plant.clock.set(ctx.now() + EXPIRED_KEPT);
        clean_up_tokens(&plant.services).await.expect("a clean-up");
        find_token(&plant.services, &issued.token).await.expect("still told from one that never was");
        plant.clock.set(ctx.now() + 1);
        clean_up_tokens(&plant.services).await.expect("a clean-up");
        assert_eq!(code(find_token(&plant.services, &issued.token).await), Code::TokenInvalid);
    }
);

db_test!(
    async fn credentials_are_refused_by_what_is_wrong(plant: TestPlant) {
        let ctx = ready(&plant).await;
        let wrong = IssueToken { product_secret: "guessed".into(), ..credentials("pk1") };
        assert_eq!(code(issue_token(&ctx, wrong).await), Code::ProductSecretError);
        assert_eq!(code(issue_token(&ctx, credentials("pk3")).await), Code::ProductKeyNotExist);
        let off =
            UpdateProduct { product_key: "pk1".into(), api_enabled: Some(false), ..UpdateProduct::default() };
        let grant = issue_token(&ctx, credentials("pk1")).await.expect("a token");
        update_product(&plant.ctx(), off).await.expect("an update");
        assert_eq!(code(issue_token(&ctx, credentials("pk1")).await), Code::AssociationNotExist);
        let grant = find_token(&plant.services, &grant.token).await.expect("a token");
        assert_eq!(code(check_token(&ctx, &grant, Some("pk1")).await), Code::ApiDenyToVisit);

        let other = plant.other_tenant().await;
        product(&other, "theirs").await;
        assert_eq!(code(issue_token(&ctx, credentials("theirs")).await), Code::AssociationExisted);
        let guessed = IssueToken { product_secret: "guessed".into(), ..credentials("theirs") };
        assert_eq!(code(issue_token(&ctx, guessed).await), Code::ProductKeyNotExist);
        assert_eq!(code(check_token(&ctx, &grant, Some("theirs")).await), Code::ProductKeyNotExist);
        assert_eq!(code(find_enterprise(&plant.services, "E2").await), Code::EnterpriseIdNotExist);
        let known = find_enterprise(&plant.services, "E1").await.expect("an enterprise");
        assert!(known.has_secret("secret-of-E1") && !known.has_secret("guessed"));
    }
);

db_test!(
    async fn calls_are_counted_by_the_hour_for_all_processes_together(plant: TestPlant) {
        let ctx = plant.ctx();
        let limited = enterprise(&ctx, "E1", 50).await;
        let begin = ctx.now();
        assert_eq!(
            quota_of(&plant.services, &limited).await.expect("a quota").map(|q| q.remaining),
            Some(50)
        );
        let calls = (0..60).map(|_| count_call(&plant.services, &limited));
        let counted: Vec<_> = futures::future::try_join_all(calls).await.expect("counted");
        let mut left: Vec<_> =
            counted.iter().flatten().map(|quota| (quota.remaining, quota.exceeded)).collect();
        left.sort_unstable();
        left.reverse();
        let expected: Vec<_> = (0..50).rev().map(|left| (left, false)).chain([(0, true); 10]).collect();
        let mut expected = expected;
        expected.sort_unstable();
        expected.reverse();
        assert_eq!(left, expected);
        assert!(
            counted.iter().flatten().all(|quota| quota.reset_at == begin + QUOTA_SPAN && quota.limit == 50)
        );
        plant.clock.set(begin + QUOTA_SPAN - 1);
        assert!(
            count_call(&plant.services, &limited).await.expect("counted").is_some_and(|quota| quota.exceeded)
        );
        plant.clock.set(begin + QUOTA_SPAN);
        let fresh = count_call(&plant.services, &limited).await.expect("counted").expect("a quota");
        assert_eq!((fresh.remaining, fresh.exceeded, fresh.reset_at), (49, false, ctx.now() + QUOTA_SPAN));
        let free = enterprise(&ctx, "E2", 0).await;
        assert_eq!(count_call(&plant.services, &free).await.expect("not counted"), None);
    }
);

db_test!(
    async fn an_enterprise_is_refused_by_the_name_of_what_is_wrong(plant: TestPlant) {
        let ctx = plant.ctx();
        enterprise(&ctx, "E1", 3600).await;
        let refused = async |params: CreateEnterprise| match create_enterprise(&ctx, params).await {
            Err(Error::Invalid { param, .. }) => param,
            other => panic!("not refused: {other:?}"),
        };
        let id =
            |id: &str| CreateEnterprise { enterprise_id: Some(id.into()), ..CreateEnterprise::default() };
        assert_eq!(refused(id("E1")).await, "enterpriseId");
        assert_eq!(refused(id("E 1")).await, "enterpriseId");
        let secret = CreateEnterprise { enterprise_secret: Some(String::new()), ..id("E2") };
        assert_eq!(refused(secret).await, "enterpriseSecret");
        assert_eq!(refused(CreateEnterprise { calls_per_hour: Some(-1), ..id("E2") }).await, "callsPerHour");
        for address in ["nowhere", "10.0.0.0/33", "::/129", "1.2.3.4/x"] {
            let params = CreateEnterprise { allowed_addresses: vec![address.into()], ..id("E2") };
            assert_eq!(refused(params).await, "allow", "{address}");
        }
        let listed = ["10.0.0.0/8".to_owned(), "::1".to_owned()];
        let params = CreateEnterprise { allowed_addresses: listed.to_vec(), ..id("E2") };
        let new = create_enterprise(&ctx, params).await.expect("an enterprise");
        assert_eq!(new.enterprise_secret.len(), 32);
        let known = find_enterprise(&plant.services, "E2").await.expect("an enterprise");
        assert_eq!(known.allowed_addresses, listed);
        let viewer = create_enterprise(&plant.viewer(), CreateEnterprise::default()).await;
        assert!(matches!(viewer, Err(Error::Forbidden)));
    }
);
