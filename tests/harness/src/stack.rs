//! The whole platform as processes, in its embedded and in its production form, behind one value.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use tempfile::TempDir;

use crate::client::Client;
use crate::daemon::Signal;
use crate::postgres::{self, Postgres};
use crate::process::{Launch, Process};
use crate::redis::{self, Redis};
use crate::s3::{self, S3};

/// True when the production form keeps its files in S3; else its processes need a common folder.
pub const STORES_IN_S3: bool = true;
/// Lets services that start once stay until the program ends: the watch of each ends it then.
static SERVICES: OnceLock<Services> = OnceLock::new();

/// The form of the platform that a test runs over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    /// `automl serve`: one process, one folder.
    Embedded,
    /// Two `automl api` and two `automl worker` over Postgres, Redis and S3.
    Production,
}

/// The services of the production form.
#[derive(Debug)]
pub struct Services {
    /// The database server.
    pub postgres: Postgres,
    /// The doorbell and the events.
    pub redis: Redis,
    /// The stored files.
    pub s3: S3,
    template: OnceLock<String>,
    stacks: AtomicU16,
}

impl Services {
    /// Starts all three, for a test that breaks one of them.
    ///
    /// # Panics
    /// When one does not start.
    pub fn start(postgres: &postgres::Options, redis: redis::Options) -> Self {
        let started = || -> Result<Self> {
            Ok(Self {
                postgres: Postgres::start(postgres)?,
                redis: Redis::start(redis)?,
                s3: S3::start(&s3::Options::default())?,
                template: OnceLock::new(),
                stacks: AtomicU16::new(0),
            })
        };
        started().unwrap_or_else(|error| panic!("the services do not start: {error:#}"))
    }

    /// The services that all tests of this program share; the first one starts them.
    ///
    /// # Panics
    /// As [`Services::start`].
    pub fn shared() -> &'static Self {
        SERVICES.get_or_init(|| Self::start(&postgres::Options::default(), redis::Options::default()))
    }

    /// A part of the services that nobody else uses: a fresh database, a Redis database, a prefix in the bucket.
    ///
    /// # Panics
    /// When it cannot be made.
    pub fn part(&self, program: &Path) -> Part {
        let template = self.template.get_or_init(|| {
            migrated(&self.postgres, program)
                .unwrap_or_else(|error| panic!("no database template: {error:#}"))
        });
        let database = self.postgres.create_database(Some(template));
        Part {
            database: database.unwrap_or_else(|error| panic!("no database: {error:#}")),
            number: self.stacks.fetch_add(1, Ordering::SeqCst) % 1024,
        }
    }

    /// The variables that make a process use a part of these services.
    pub fn environment(&self, part: &Part) -> Vec<(String, String)> {
        let variables = [
            ("AUTOML_DATABASE_URL", self.postgres.url(&part.database)),
            ("AUTOML_REDIS_URL", self.redis.url(part.number)),
            ("AUTOML_S3_BUCKET", s3::BUCKET.to_owned()),
            ("AUTOML_S3_PREFIX", format!("stack-{}/", part.number)),
            ("AUTOML_S3_ENDPOINT", self.s3.endpoint()),
            ("AUTOML_S3_REGION", s3::REGION.to_owned()),
            ("AWS_ACCESS_KEY_ID", s3::ACCESS_KEY.to_owned()),
            ("AWS_SECRET_ACCESS_KEY", s3::SECRET_KEY.to_owned()),
        ];
        variables.map(|(name, value)| (name.to_owned(), value)).to_vec()
    }
}

/// What one stack uses of the services.
#[derive(Clone, Debug)]
pub struct Part {
    /// Name of its database.
    pub database: String,
    /// Number of its Redis database.
    pub number: u16,
}

/// How a production stack is started.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The program under test.
    pub program: PathBuf,
    /// Number of `automl api` processes.
    pub faces: usize,
    /// Number of `automl worker` processes.
    pub workers: usize,
    /// Variables of all processes, the later of one name wins.
    pub environment: Vec<(String, String)>,
    /// Variables of the first worker only.
    pub first_worker: Vec<(String, String)>,
    /// Variables of the first face only.
    pub first_face: Vec<(String, String)>,
}

/// A running platform. Dropping it ends all its processes.
#[derive(Debug)]
pub struct Stack {
    /// Its form.
    pub column: Column,
    /// What answers: `automl serve`, or each `automl api`.
    pub faces: Vec<Process>,
    /// Each `automl worker`; none in the embedded form.
    pub workers: Vec<Process>,
    /// A client of each face.
    pub clients: Vec<Client>,
    /// URL of its Postgres database; none in the embedded form.
    pub database_url: Option<String>,
    folder: TempDir,
}

impl Stack {
    /// A platform of that form over the shared services.
    ///
    /// # Panics
    /// When it does not start.
    pub fn start(column: Column, program: &str) -> Self {
        match column {
            Column::Embedded => Self::embedded(Path::new(program)),
            Column::Production => {
                let services = Services::shared();
                let part = services.part(Path::new(program));
                let plan = Plan::new(program, services.environment(&part));
                Self::production(&plan)
            }
        }
    }

    /// `automl serve` on a throw-away home.
    ///
    /// # Panics
    /// When it does not start.
    pub fn embedded(program: &Path) -> Self {
        Self::embedded_with(program, &[])
    }

    /// `automl serve` on a throw-away home, with these variables.
    ///
    /// # Panics
    /// When it does not start.
    pub fn embedded_with(program: &Path, environment: &[(String, String)]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let arguments = ["serve", "--json", "--port", "0", "--home"].map(str::to_owned);
        let mut arguments = arguments.to_vec();
        arguments.push(folder.path().join("home").display().to_string());
        let mut server = Process::start(Launch {
            program: program.to_owned(),
            arguments,
            environment: environment.to_vec(),
            log: folder.path().join("serve.log"),
        });
        let client = Client::new(&server.first_line());
        Self {
            column: Column::Embedded,
            faces: vec![server],
            workers: Vec::new(),
            clients: vec![client],
            database_url: None,
            folder,
        }
    }

    /// A production stack as planned; its faces answer, its workers have been started.
    ///
    /// # Panics
    /// When it does not start.
    pub fn production(plan: &Plan) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let url = plan
            .environment
            .iter()
            .rfind(|(name, _)| name == "AUTOML_DATABASE_URL");
        let mut stack = Self {
            column: Column::Production,
            faces: Vec::new(),
            workers: Vec::new(),
            clients: Vec::new(),
            database_url: url.map(|(_, url)| url.clone()),
            folder,
        };
        for number in 0..plan.faces {
            let more = if number == 0 {
                plan.first_face.as_slice()
            } else {
                &[]
            };
            let mut face = stack.launch(plan, "api", number, more);
            stack.clients.push(Client::new(&face.first_line()));
            stack.faces.push(face);
        }
        for number in 0..plan.workers {
            let more = if number == 0 {
                plan.first_worker.as_slice()
            } else {
                &[]
            };
            let worker = stack.launch(plan, "worker", number, more);
            stack.workers.push(worker);
        }
        stack
    }

    /// The client of the first face.
    pub fn client(&self) -> &Client {
        &self.clients[0]
    }

    /// A client of another face where there is one: what one process has written, all must show.
    pub fn other_client(&self) -> &Client {
        &self.clients[self.clients.len() - 1]
    }

    /// The folder below which everything of this stack lies: homes, logs, scratch space.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The processes that have trainer children.
    pub fn pools(&mut self) -> &mut Vec<Process> {
        match self.column {
            Column::Embedded => &mut self.faces,
            Column::Production => &mut self.workers,
        }
    }

    /// Trainer children of all processes.
    pub fn trainers(&self) -> Vec<u32> {
        let pools = match self.column {
            Column::Embedded => &self.faces,
            Column::Production => &self.workers,
        };
        pools.iter().flat_map(Process::children).collect()
    }

    /// Kills the process that trains, as a power cut would, and starts it again when `automl serve` is it. In the production
    /// form the first worker that has a child is killed, and the others have to go on.
    ///
    /// # Panics
    /// When nothing trains.
    pub fn lose_a_pool(&mut self) {
        match self.column {
            Column::Embedded => {
                self.faces[0].kill();
                let mut server = self.faces[0].again();
                self.clients[0] = Client::new(&server.first_line());
                self.faces[0] = server;
            }
            Column::Production => {
                let busy = self.busy_worker();
                self.workers[busy].kill();
            }
        }
    }

    /// Place of the first worker that has a trainer child, as soon as there is one.
    ///
    /// # Panics
    /// When no worker gets one within ten seconds.
    pub fn busy_worker(&self) -> usize {
        for _ in 0..500 {
            if let Some(busy) = self
                .workers
                .iter()
                .position(|worker| !worker.children().is_empty())
            {
                return busy;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        panic!("no worker has a trainer")
    }

    fn launch(&self, plan: &Plan, role: &str, number: usize, more: &[(String, String)]) -> Process {
        let name = format!("{role}-{number}");
        let home = self.folder.path().join(if STORES_IN_S3 { &name } else { "home" });
        let mut environment = plan.environment.clone();
        environment.push(("AUTOML_HOME".to_owned(), home.display().to_string()));
        environment.extend_from_slice(more);
        let arguments: &[&str] = if role == "api" {
            &["api", "--json", "--port", "0"]
        } else {
            &["worker"]
        };
        Process::start(Launch {
            program: plan.program.clone(),
            arguments: arguments.iter().map(|word| (*word).to_owned()).collect(),
            environment,
            log: self.folder.path().join(format!("{name}.log")),
        })
    }
}

impl Plan {
    /// Two faces and two workers of one slot each, with these variables.
    pub fn new(program: &str, environment: Vec<(String, String)>) -> Self {
        let mut plan = Self {
            program: PathBuf::from(program),
            faces: 2,
            workers: 2,
            environment,
            first_worker: Vec::new(),
            first_face: Vec::new(),
        };
        plan.set("AUTOML_SLOTS", "1");
        plan.set("AUTOML_THREADS", "1");
        plan
    }

    /// The value that a variable of all processes has.
    ///
    /// # Panics
    /// When it has none.
    pub fn variable(&self, name: &str) -> String {
        let found = self.environment.iter().rfind(|(candidate, _)| candidate == name);
        let (_, value) = found.unwrap_or_else(|| panic!("no {name} in the plan"));
        value.clone()
    }

    /// Sets a variable of all processes.
    pub fn set(&mut self, name: &str, value: &str) {
        self.environment.push((name.to_owned(), value.to_owned()));
    }
}

/// Tells a process to stop and waits for its end.
///
/// # Panics
/// When it has not ended in time.
pub fn stop(process: &mut Process, at_most: Duration) -> std::process::ExitStatus {
    process.signal(Signal::Term);
    let ended = process.wait(at_most);
    ended.unwrap_or_else(|| panic!("it still runs {at_most:?} after SIGTERM"))
}

/// A database that the program has brought up to date, to be copied.
fn migrated(postgres: &Postgres, program: &Path) -> Result<String> {
    let name = postgres.create_database(None)?;
    let home = tempfile::tempdir()?;
    let done = std::process::Command::new(program)
        .arg("migrate")
        .env("AUTOML_DATABASE_URL", postgres.url(&name))
        .env("AUTOML_HOME", home.path())
        .env_remove("AUTOML_REDIS_URL")
        .output()
        .context("running automl migrate")?;
    ensure!(
        done.status.success(),
        "automl migrate failed: {}",
        String::from_utf8_lossy(&done.stderr)
    );
    Ok(name)
}
