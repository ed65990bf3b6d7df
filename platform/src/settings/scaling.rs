//! How the pool grows and shrinks, and what tells a worker that its machine is about to be taken away.

use std::time::Duration;

use entities::task::Queue;

use super::Variables;
use super::parse::{number, switch};
use crate::Error;

/// Bound of what one queue may be scaled to: a slip of the pen must not cost a fortune.
const WORKERS_LIMIT: usize = 1000;

/// A pool that follows its queue. `AUTOML_SCALING` says where workers are started: `off`, `local` (children of this process),
/// `batch` (jobs of AWS Batch) or `group` (instances of an EC2 Auto Scaling group).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scaling {
    /// Workers for tasks that need nothing special; none: `AUTOML_SCALING_CPU_MAX` is 0 or not set.
    pub cpu: Option<Scaled>,
    /// Workers for tasks that need a GPU; none: `AUTOML_SCALING_GPU_MAX` is 0 or not set.
    pub gpu: Option<Scaled>,
    /// What the names of started Batch jobs begin with. `AUTOML_SCALING_NAME`.
    pub name: String,
    /// A worker that had nothing to do for so long is one too many. `AUTOML_SCALING_IDLE_SECONDS`.
    pub idle: Duration,
    /// A worker that did not show up for so long is not waited for any more. `AUTOML_SCALING_BOOT_SECONDS`.
    pub boot: Duration,
    /// Between two looks at the queue. `AUTOML_SCALING_INTERVAL_SECONDS`.
    pub interval: Duration,
    /// Region of Batch or the group; none: from the AWS chain. `AUTOML_SCALING_REGION`.
    pub region: Option<String>,
    /// Another server that speaks their protocols. `AUTOML_SCALING_ENDPOINT`.
    pub endpoint: Option<String>,
}

/// How far one queue's workers are scaled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scaled {
    /// Workers that stay when nothing is to be done. `AUTOML_SCALING_CPU_MIN`, `AUTOML_SCALING_GPU_MIN`.
    pub min: usize,
    /// Workers at most. `AUTOML_SCALING_CPU_MAX`, `AUTOML_SCALING_GPU_MAX`.
    pub max: usize,
    /// Slots of one worker. `AUTOML_SCALING_CPU_SLOTS`, `AUTOML_SCALING_GPU_SLOTS`. Workers of a group are started by their
    /// machine: give them the same `--slots`.
    pub slots: usize,
    /// Where they are started.
    pub place: Place,
}

/// Where the workers of a queue are started.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// Here, as children of this process.
    Local,
    /// As jobs of AWS Batch.
    Batch {
        /// Job queue. `AUTOML_SCALING_CPU_JOB_QUEUE`, `AUTOML_SCALING_GPU_JOB_QUEUE`.
        queue: String,
        /// Job definition, with or without a revision. `AUTOML_SCALING_CPU_JOB_DEFINITION`, `AUTOML_SCALING_GPU_JOB_DEFINITION`.
        definition: String,
    },
    /// As instances of an EC2 Auto Scaling group.
    Group {
        /// Its name. `AUTOML_SCALING_CPU_GROUP`, `AUTOML_SCALING_GPU_GROUP`.
        name: String,
    },
}

/// Workers learn from the metadata of their EC2 instance that it is about to be taken away. On with `AUTOML_SPOT=true`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spot {
    /// Another address of the metadata; none: the one that AWS uses. `AUTOML_METADATA_URL`.
    pub metadata_url: Option<String>,
}

impl Scaling {
    /// Reads the section.
    ///
    /// # Errors
    /// `Settings` naming the variable that is missing or cannot be used.
    pub fn read(variable: Variables<'_>) -> Result<Option<Self>, Error> {
        let form = variable("AUTOML_SCALING").unwrap_or_else(|| "off".to_owned());
        if form == "off" {
            return Ok(None);
        }
        if !["local", "batch", "group"].contains(&form.as_str()) {
            return refuse(format!(
                "AUTOML_SCALING is {form:?}; off, local, batch or group is expected"
            ));
        }
        let scaling = Self {
            cpu: Scaled::read(variable, &form, Queue::Cpu)?,
            gpu: Scaled::read(variable, &form, Queue::Gpu)?,
            name: variable("AUTOML_SCALING_NAME").unwrap_or_else(|| "automl".to_owned()),
            idle: seconds(variable, "AUTOML_SCALING_IDLE_SECONDS", 300)?,
            boot: seconds(variable, "AUTOML_SCALING_BOOT_SECONDS", 600)?,
            interval: seconds(variable, "AUTOML_SCALING_INTERVAL_SECONDS", 5)?,
            region: variable("AUTOML_SCALING_REGION"),
            endpoint: variable("AUTOML_SCALING_ENDPOINT"),
        };
        if scaling.cpu.is_none() && scaling.gpu.is_none() {
            return refuse(format!(
                "AUTOML_SCALING is {form}, but nothing may be started: set AUTOML_SCALING_CPU_MAX or AUTOML_SCALING_GPU_MAX"
            ));
        }
        let is_plain = |character: char| character.is_ascii_alphanumeric() || character == '-';
        if scaling.name.is_empty() || scaling.name.len() > 40 || !scaling.name.chars().all(is_plain) {
            return refuse(format!(
                "AUTOML_SCALING_NAME is {:?}; 1 to 40 letters, digits and hyphens are expected",
                scaling.name
            ));
        }
        Ok(Some(scaling))
    }

    /// How far the workers of a queue are scaled; none: not at all.
    pub fn of(&self, queue: Queue) -> Option<&Scaled> {
        match queue {
            Queue::Cpu => self.cpu.as_ref(),
            Queue::Gpu => self.gpu.as_ref(),
        }
    }

    /// True when workers are children of this process.
    pub fn is_local(&self) -> bool {
        let is_local = |scaled: &Option<Scaled>| matches!(scaled, Some(found) if found.place == Place::Local);
        is_local(&self.cpu) || is_local(&self.gpu)
    }
}

impl Scaled {
    fn read(variable: Variables<'_>, form: &str, queue: Queue) -> Result<Option<Self>, Error> {
        let (part, slots) = match queue {
            Queue::Cpu => ("CPU", 2),
            Queue::Gpu => ("GPU", 1),
        };
        let name = |rest: &str| format!("AUTOML_SCALING_{part}_{rest}");
        let count = |rest: &str, otherwise: usize| match variable(&name(rest)) {
            Some(value) => number(&name(rest), &value),
            None => Ok(otherwise),
        };
        let (min, max, slots) = (count("MIN", 0)?, count("MAX", 0)?, count("SLOTS", slots)?);
        if min > max || max > WORKERS_LIMIT {
            return refuse(format!(
                "{} is {min} and {} is {max}; the first must not be larger, and the second {WORKERS_LIMIT} at most",
                name("MIN"),
                name("MAX")
            ));
        }
        if slots == 0 || slots > 256 {
            return refuse(format!("{} is {slots}; it must be 1 to 256", name("SLOTS")));
        }
        if max == 0 {
            return Ok(None);
        }
        let needed = |rest: &str| {
            let value = variable(&name(rest)).filter(|value| !value.trim().is_empty());
            value.ok_or_else(|| Error::Settings(format!("AUTOML_SCALING={form} needs {}", name(rest))))
        };
        let place = match form {
            "batch" => Place::Batch {
                queue: needed("JOB_QUEUE")?,
                definition: needed("JOB_DEFINITION")?,
            },
            "group" => Place::Group {
                name: needed("GROUP")?,
            },
            _ => Place::Local,
        };
        Ok(Some(Self {
            min,
            max,
            slots,
            place,
        }))
    }
}

impl Spot {
    /// Reads the section.
    ///
    /// # Errors
    /// `Settings` naming the variable that cannot be used.
    pub fn read(variable: Variables<'_>) -> Result<Option<Self>, Error> {
        let is_on = match variable("AUTOML_SPOT") {
            Some(value) => switch("AUTOML_SPOT", &value)?,
            None => false,
        };
        let metadata_url = variable("AUTOML_METADATA_URL");
        if metadata_url
            .as_ref()
            .is_some_and(|url| !url.starts_with("http://"))
        {
            return refuse("AUTOML_METADATA_URL must begin with http://".to_owned());
        }
        Ok(is_on.then_some(Self { metadata_url }))
    }
}

fn seconds(variable: Variables<'_>, name: &str, otherwise: u64) -> Result<Duration, Error> {
    let count = match variable(name) {
        Some(value) => number(name, &value)?,
        None => otherwise,
    };
    if count == 0 || count > 86_400 {
        return refuse(format!("{name} is {count}; it must be 1 to 86400"));
    }
    Ok(Duration::from_secs(count))
}

fn refuse<T>(message: String) -> Result<T, Error> {
    Err(Error::Settings(message))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pairs: &[(&str, &str)]) -> Result<Option<Scaling>, Error> {
        Scaling::read(&|asked| {
            let found = pairs.iter().find(|(name, _)| *name == asked);
            found.map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn is_off_unless_asked_for() {
        assert_eq!(read(&[]).unwrap(), None);
        assert_eq!(read(&[("AUTOML_SCALING", "off")]).unwrap(), None);
    }

    #[test]
    fn reads_a_queue_for_each_form() {
        let local = [("AUTOML_SCALING", "local"), ("AUTOML_SCALING_CPU_MAX", "3")];
        let local = read(&local).unwrap().unwrap();
        assert!(local.is_local() && local.gpu.is_none());
        let cpu = local.of(Queue::Cpu).unwrap();
        assert_eq!((cpu.min, cpu.max, cpu.slots), (0, 3, 2));
        let batch = [
            ("AUTOML_SCALING", "batch"),
            ("AUTOML_SCALING_GPU_MIN", "1"),
            ("AUTOML_SCALING_GPU_MAX", "4"),
            ("AUTOML_SCALING_GPU_JOB_QUEUE", "gpu-queue"),
            ("AUTOML_SCALING_GPU_JOB_DEFINITION", "worker:3"),
        ];
        let batch = read(&batch).unwrap().unwrap();
        let place = Place::Batch {
            queue: "gpu-queue".to_owned(),
            definition: "worker:3".to_owned(),
        };
        assert_eq!(batch.of(Queue::Gpu).unwrap().place, place);
        assert!(!batch.is_local() && batch.cpu.is_none());
    }

    #[test]
    fn refuses_with_the_name_of_the_variable() {
        let group = ("AUTOML_SCALING", "group");
        let local = ("AUTOML_SCALING", "local");
        let one = ("AUTOML_SCALING_CPU_MAX", "1");
        for (pairs, named) in [
            (vec![("AUTOML_SCALING", "cloud")], "AUTOML_SCALING is"),
            (vec![local], "AUTOML_SCALING_CPU_MAX"),
            (vec![group, one], "AUTOML_SCALING_CPU_GROUP"),
            (
                vec![local, one, ("AUTOML_SCALING_CPU_MIN", "2")],
                "AUTOML_SCALING_CPU_MIN",
            ),
            (
                vec![local, ("AUTOML_SCALING_CPU_MAX", "9999")],
                "AUTOML_SCALING_CPU_MAX",
            ),
            (
                vec![local, one, ("AUTOML_SCALING_CPU_SLOTS", "0")],
                "AUTOML_SCALING_CPU_SLOTS",
            ),
            (
                vec![local, one, ("AUTOML_SCALING_IDLE_SECONDS", "0")],
                "AUTOML_SCALING_IDLE_SECONDS",
            ),
            (
                vec![local, one, ("AUTOML_SCALING_NAME", "a b")],
                "AUTOML_SCALING_NAME",
            ),
        ] {
            let refused = read(&pairs);
            let Err(Error::Settings(message)) = refused else {
                panic!("{pairs:?} gives {refused:?}");
            };
            assert!(message.contains(named), "{message}");
        }
    }

    #[test]
    fn spot_is_a_switch() {
        let with = |value: &str| Spot::read(&|name| (name == "AUTOML_SPOT").then(|| value.to_owned()));
        assert_eq!(with("true").unwrap(), Some(Spot { metadata_url: None }));
        assert_eq!(with("false").unwrap(), None);
        assert!(with("perhaps").is_err());
    }
}
