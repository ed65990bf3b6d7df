//! Issuers whose word is taken: Cognito pools and other OpenID providers. Several have numbered variables: `AUTOML_OIDC_…`,
//! `AUTOML_OIDC_2_…` up to `AUTOML_OIDC_9_…`.

use std::ops::RangeInclusive;

use chrono::TimeDelta;

use super::parse::number;
use super::{Secret, Variables};
use crate::Error;

/// Issuers at most.
const MOST: u32 = 9;
/// What a browser asks for when nothing else is set.
const SCOPES: &str = "openid email profile";
/// How long a session lasts that began at an issuer, hours.
const SESSION_HOURS: i64 = 12;
/// What may be set instead.
const SESSION_HOURS_ALLOWED: RangeInclusive<i64> = 1..=720;
/// Longest name on a button, characters.
const NAME_LENGTH: usize = 60;
/// Hosts that are this machine: the only ones that may be spoken to without TLS.
const LOOPBACK: [&str; 3] = ["localhost", "127.0.0.1", "[::1]"];

/// Variables that mean nothing without an issuer.
const DEPENDENT: [&str; 8] = [
    "AUDIENCE",
    "CLIENT_IDS",
    "SIGN_UP",
    "ADMIN_GROUPS",
    "KIND",
    "CLIENT_SECRET",
    "SESSION_HOURS",
    "NAME",
];

/// Who signs tokens, which of those are for this server, and what their owners may do. The names of its variables are those of
/// the first issuer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issuer {
    /// Its identifier, letter by letter as its tokens and its discovery document say it. `AUTOML_OIDC_ISSUER`.
    pub issuer: String,
    /// How its access tokens are told from other tokens. `AUTOML_OIDC_KIND`.
    pub kind: IssuerKind,
    /// Names of this server: one of them must be in `aud`. `AUTOML_OIDC_AUDIENCE`.
    pub audiences: Vec<String>,
    /// Clients whose tokens are taken; the first is that of the web app. `AUTOML_OIDC_CLIENT_IDS`.
    pub client_ids: Vec<String>,
    /// Who is in one of these is an administrator; empty: groups say nothing about it. `AUTOML_OIDC_ADMIN_GROUPS`.
    pub admin_groups: Vec<String>,
    /// Name of the claim with the groups. `AUTOML_OIDC_GROUPS_CLAIM`.
    pub groups_claim: String,
    /// Who gets an account by coming here. `AUTOML_OIDC_SIGN_UP`.
    pub sign_up: IssuerSignUp,
    /// What the web app asks for when somebody signs in. `AUTOML_OIDC_SCOPES`.
    pub scopes: Vec<String>,
    /// What this server shows with the codes of the web app's client; none: that client has no secret.
    /// `AUTOML_OIDC_CLIENT_SECRET`.
    pub client_secret: Option<Secret>,
    /// A session that began at the issuer ends after so long, however often it is refreshed. `AUTOML_OIDC_SESSION_HOURS`.
    pub session_life: TimeDelta,
    /// What people call it; none: the name of its host is shown. `AUTOML_OIDC_NAME`.
    pub name: Option<String>,
}

/// How access tokens are told from other tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IssuerKind {
    /// By `token_use` and `client_id`; there is no `aud`, unless the client asked for one.
    Cognito,
    /// By `aud`.
    Generic,
}

/// Who gets an account with the first token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IssuerSignUp {
    /// Everybody.
    Open,
    /// Nobody: those who have one already come in.
    Closed,
    /// Members of one of these groups.
    Groups(Vec<String>),
}

/// Reads the issuers.
///
/// # Errors
/// `Settings` naming the variable that cannot be used.
pub fn read(variable: Variables<'_>) -> Result<Vec<Issuer>, Error> {
    let mut issuers: Vec<Issuer> = Vec::new();
    for number in 1..=MOST {
        let prefix = match number {
            1 => "AUTOML_OIDC_".to_owned(),
            _ => format!("AUTOML_OIDC_{number}_"),
        };
        let Some(issuer) = read_one(&prefix, variable)? else {
            continue;
        };
        if issuers.iter().any(|other| other.issuer == issuer.issuer) {
            return Err(Error::Settings(format!(
                "{prefix}ISSUER names an issuer that another one names as well"
            )));
        }
        issuers.push(issuer);
    }
    Ok(issuers)
}

fn read_one(prefix: &str, variable: Variables<'_>) -> Result<Option<Issuer>, Error> {
    let value = |name: &str| variable(&format!("{prefix}{name}"));
    let refuse = |name: &str, why: &str| Error::Settings(format!("{prefix}{name} {why}"));
    let Some(issuer) = value("ISSUER") else {
        for name in DEPENDENT {
            if value(name).is_some() {
                return Err(refuse(name, &format!("is set, but {prefix}ISSUER is not")));
            }
        }
        return Ok(None);
    };
    if !is_address(&issuer) {
        let why = "must be an address such as https://id.example.com/pool, without query or user; http:// is taken for this machine only";
        return Err(refuse("ISSUER", why));
    }
    let kind = match value("KIND").as_deref() {
        None if is_cognito(&issuer) => IssuerKind::Cognito,
        None | Some("generic") => IssuerKind::Generic,
        Some("cognito") => IssuerKind::Cognito,
        Some(_) => return Err(refuse("KIND", "must be cognito or generic")),
    };
    let audiences = list(value("AUDIENCE"));
    let client_ids = list(value("CLIENT_IDS"));
    check_receivers(prefix, kind, &audiences, &client_ids)?;
    let sign_up = sign_up(value("SIGN_UP").as_deref()).ok_or_else(|| {
        let why = "must be open, closed, or groups: with a list, as in groups:staff,students";
        refuse("SIGN_UP", why)
    })?;
    let default_claim = match kind {
        IssuerKind::Cognito => "cognito:groups",
        IssuerKind::Generic => "groups",
    };
    let groups_claim = value("GROUPS_CLAIM").unwrap_or_else(|| default_claim.to_owned());
    if groups_claim.trim().is_empty() {
        return Err(refuse("GROUPS_CLAIM", "must be the name of a claim"));
    }
    let scopes = value("SCOPES").unwrap_or_else(|| SCOPES.to_owned());
    let client_secret = value("CLIENT_SECRET");
    if client_secret
        .as_deref()
        .is_some_and(|secret| secret.trim().is_empty())
    {
        return Err(refuse("CLIENT_SECRET", "is empty"));
    }
    if client_secret.is_some() && client_ids.is_empty() {
        let why = format!("is the secret of the first client of {prefix}CLIENT_IDS, which is not set");
        return Err(refuse("CLIENT_SECRET", &why));
    }
    Ok(Some(Issuer {
        issuer,
        kind,
        audiences,
        client_ids,
        admin_groups: list(value("ADMIN_GROUPS")),
        groups_claim,
        sign_up,
        scopes: scopes.split_whitespace().map(str::to_owned).collect(),
        client_secret: client_secret.map(Secret::new),
        session_life: session_life(&format!("{prefix}SESSION_HOURS"), value("SESSION_HOURS"))?,
        name: shown_name(&format!("{prefix}NAME"), value("NAME"))?,
    }))
}

fn session_life(variable: &str, value: Option<String>) -> Result<TimeDelta, Error> {
    let hours = value.map_or(Ok(SESSION_HOURS), |value| number(variable, &value))?;
    if !SESSION_HOURS_ALLOWED.contains(&hours) {
        let (least, most) = SESSION_HOURS_ALLOWED.into_inner();
        return Err(Error::Settings(format!(
            "{variable} is {hours}; it must be {least} to {most}"
        )));
    }
    Ok(TimeDelta::hours(hours))
}

fn shown_name(variable: &str, value: Option<String>) -> Result<Option<String>, Error> {
    let name = value.map(|value| value.trim().to_owned());
    let is_name = |name: &String| {
        (1..=NAME_LENGTH).contains(&name.chars().count()) && !name.chars().any(char::is_control)
    };
    match name {
        Some(name) if !is_name(&name) => Err(Error::Settings(format!(
            "{variable} must be a name of 1 to {NAME_LENGTH} characters"
        ))),
        name => Ok(name),
    }
}

/// Tokens have to say that they are for this server, and an identity token must never pass for an access token: its audience is
/// its client.
fn check_receivers(
    prefix: &str,
    kind: IssuerKind,
    audiences: &[String],
    client_ids: &[String],
) -> Result<(), Error> {
    let refuse = |message: String| Err(Error::Settings(message));
    match kind {
        IssuerKind::Cognito if client_ids.is_empty() => refuse(format!(
            "{prefix}CLIENT_IDS must list the app clients whose tokens are taken: access tokens of Cognito name no other receiver"
        )),
        IssuerKind::Generic if audiences.is_empty() => refuse(format!(
            "{prefix}AUDIENCE must list the names by which the issuer knows this server: what it writes into `aud` of access tokens"
        )),
        _ if audiences.iter().any(|audience| client_ids.contains(audience)) => refuse(format!(
            "{prefix}AUDIENCE must not name a client of {prefix}CLIENT_IDS: identity tokens, which are for clients, would pass for access tokens"
        )),
        _ => Ok(()),
    }
}

fn sign_up(value: Option<&str>) -> Option<IssuerSignUp> {
    match value.map(str::trim) {
        None | Some("closed") => Some(IssuerSignUp::Closed),
        Some("open") => Some(IssuerSignUp::Open),
        Some(other) => {
            let groups = list(Some(other.strip_prefix("groups:")?.to_owned()));
            (!groups.is_empty()).then_some(IssuerSignUp::Groups(groups))
        }
    }
}

/// Comma separated, for a group's name may have spaces.
fn list(value: Option<String>) -> Vec<String> {
    let value = value.unwrap_or_default();
    let parts = value.split(',').map(str::trim);
    parts.filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

/// `https://`, or `http://` to this machine, and nothing that a path does not need.
fn is_address(address: &str) -> bool {
    let (rest, is_plain) = match (address.strip_prefix("https://"), address.strip_prefix("http://")) {
        (Some(rest), _) => (rest, false),
        (None, Some(rest)) => (rest, true),
        (None, None) => return false,
    };
    let known = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~:/[]%".contains(&byte);
    let authority = rest.split('/').next().unwrap_or_default();
    let host = match authority.find(']') {
        Some(end) => &authority[..=end],
        None => authority.split(':').next().unwrap_or_default(),
    };
    !host.is_empty() && rest.bytes().all(known) && (!is_plain || LOOPBACK.contains(&host))
}

/// The address of a user pool, in the partitions of AWS.
fn is_cognito(issuer: &str) -> bool {
    let host = issuer
        .strip_prefix("https://")
        .and_then(|rest| rest.split('/').next());
    host.is_some_and(|host| {
        host.starts_with("cognito-idp.")
            && (host.ends_with(".amazonaws.com") || host.ends_with(".amazonaws.com.cn"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const POOL: &str = "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Ab12";

    fn read_from(variables: &[(&str, &str)]) -> Result<Vec<Issuer>, Error> {
        read(&|asked| {
            let found = variables.iter().find(|(name, _)| *name == asked);
            found.map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn a_pool_needs_its_clients_only() {
        let issuers = read_from(&[
            ("AUTOML_OIDC_ISSUER", POOL),
            ("AUTOML_OIDC_CLIENT_IDS", "web, scripts"),
        ])
        .unwrap();
        let [issuer] = &issuers[..] else {
            panic!("{issuers:?}")
        };
        assert_eq!(issuer.kind, IssuerKind::Cognito);
        assert_eq!(issuer.client_ids, ["web", "scripts"]);
        assert_eq!(issuer.groups_claim, "cognito:groups");
        assert_eq!(issuer.sign_up, IssuerSignUp::Closed);
        assert_eq!(issuer.scopes, ["openid", "email", "profile"]);
        assert_eq!(issuer.session_life, TimeDelta::hours(12));
        assert_eq!((&issuer.client_secret, &issuer.name), (&None, &None));
    }

    #[test]
    fn what_signing_in_here_needs_is_the_issuer_s_own() {
        let issuers = read_from(&[
            ("AUTOML_OIDC_ISSUER", POOL),
            ("AUTOML_OIDC_CLIENT_IDS", "web"),
            ("AUTOML_OIDC_CLIENT_SECRET", "hunter2"),
            ("AUTOML_OIDC_SESSION_HOURS", "720"),
            ("AUTOML_OIDC_NAME", " Universität "),
            ("AUTOML_OIDC_2_ISSUER", "https://id.example.com"),
            ("AUTOML_OIDC_2_AUDIENCE", "api"),
        ])
        .unwrap();
        assert_eq!(issuers[0].client_secret, Some(Secret::new("hunter2")));
        assert_eq!(issuers[0].session_life, TimeDelta::days(30));
        assert_eq!(issuers[0].name.as_deref(), Some("Universität"));
        assert!(!format!("{issuers:?}").contains("hunter2"));
        assert_eq!(issuers[1].client_secret, None);
    }

    #[test]
    fn several_issuers_are_numbered() {
        let issuers = read_from(&[
            ("AUTOML_OIDC_ISSUER", POOL),
            ("AUTOML_OIDC_CLIENT_IDS", "web"),
            ("AUTOML_OIDC_3_ISSUER", "https://id.example.com/"),
            ("AUTOML_OIDC_3_AUDIENCE", "https://automl.example.com"),
            ("AUTOML_OIDC_3_SIGN_UP", "groups: data science, staff"),
            ("AUTOML_OIDC_3_GROUPS_CLAIM", "https://example.com/roles"),
            ("AUTOML_OIDC_3_ADMIN_GROUPS", "automl admins"),
        ])
        .unwrap();
        let [_, issuer] = &issuers[..] else {
            panic!("{issuers:?}")
        };
        assert_eq!(issuer.kind, IssuerKind::Generic);
        assert_eq!(
            issuer.issuer, "https://id.example.com/",
            "a slash at the end is part of the name"
        );
        let groups = vec!["data science".to_owned(), "staff".to_owned()];
        assert_eq!(issuer.sign_up, IssuerSignUp::Groups(groups));
        assert_eq!(issuer.groups_claim, "https://example.com/roles");
        assert_eq!(issuer.admin_groups, ["automl admins"]);
        assert_eq!(read_from(&[]).unwrap(), []);
    }

    #[test]
    fn what_cannot_be_used_is_named() {
        let generic = [
            ("AUTOML_OIDC_ISSUER", "https://id.example.com"),
            ("AUTOML_OIDC_AUDIENCE", "api"),
        ];
        read_from(&generic).unwrap();
        for (name, value) in [
            ("AUTOML_OIDC_ISSUER", "id.example.com"),
            ("AUTOML_OIDC_ISSUER", "http://id.example.com"),
            ("AUTOML_OIDC_ISSUER", "http://localhost.example.com"),
            ("AUTOML_OIDC_ISSUER", "http://localhost@example.com"),
            ("AUTOML_OIDC_ISSUER", "https://"),
            ("AUTOML_OIDC_ISSUER", "https://ann:secret@id.example.com"),
            ("AUTOML_OIDC_ISSUER", "https://id.example.com/?tenant=1"),
            ("AUTOML_OIDC_ISSUER", POOL),
            ("AUTOML_OIDC_AUDIENCE", " , "),
            ("AUTOML_OIDC_CLIENT_IDS", "web,api"),
            ("AUTOML_OIDC_KIND", "keycloak"),
            ("AUTOML_OIDC_SIGN_UP", "everybody"),
            ("AUTOML_OIDC_SIGN_UP", "groups:"),
            ("AUTOML_OIDC_GROUPS_CLAIM", ""),
            (
                "AUTOML_OIDC_CLIENT_SECRET",
                "the secret of a client that is not named",
            ),
            ("AUTOML_OIDC_CLIENT_SECRET", " "),
            ("AUTOML_OIDC_SESSION_HOURS", "0"),
            ("AUTOML_OIDC_SESSION_HOURS", "721"),
            ("AUTOML_OIDC_SESSION_HOURS", "a day"),
            ("AUTOML_OIDC_NAME", ""),
            ("AUTOML_OIDC_NAME", "two\nlines"),
            ("AUTOML_OIDC_2_CLIENT_SECRET", "the secret of nobody"),
            ("AUTOML_OIDC_2_ISSUER", "https://id.example.com"),
            ("AUTOML_OIDC_2_CLIENT_IDS", "web"),
        ] {
            let mut variables = vec![(name, value)];
            variables.extend(generic.iter().filter(|(other, _)| *other != name));
            if name == "AUTOML_OIDC_2_ISSUER" {
                variables.push(("AUTOML_OIDC_2_AUDIENCE", "api"));
            }
            let refused = read_from(&variables);
            let Err(Error::Settings(message)) = refused else {
                panic!("{name}={value} gives {refused:?}");
            };
            assert!(message.starts_with("AUTOML_OIDC_"), "{message}");
            assert!(
                !message.contains("secret@") && !message.contains("secret of a client"),
                "{message}"
            );
            assert!(!message.contains("secret of nobody"), "{message}");
        }
        for local in [
            "http://localhost:9229/pool",
            "http://127.0.0.1:3000",
            "http://[::1]:3000",
        ] {
            read_from(&[("AUTOML_OIDC_ISSUER", local), ("AUTOML_OIDC_AUDIENCE", "api")]).unwrap();
        }
    }
}
