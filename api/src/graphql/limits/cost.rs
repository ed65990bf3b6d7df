//! What an operation costs, known before it runs.
//!
//! A field costs 1 for each row that it may be resolved for: what stands below a list is paid `first` (or `last`) times, whether
//! there are so many rows or not, and whatever `@skip` says. Some root fields cost what [`WEIGHTS`] says besides. Points, which
//! are what rate limits count, are a hundredth of the cost, and one at least.

use async_graphql::Variables;
use async_graphql::parser::types::{Field, OperationDefinition};
use async_graphql_value::{ConstValue, Name, Value};

use super::{DEFAULT_PAGE, LIMITS, MAX_PAGE, too_complex};
use crate::failure::Failure;

/// Fields that take `first` or `last`: what is below them is paid once a row.
pub const PAGED_FIELDS: &[&str] = &[
    "datasets",
    "jobs",
    "trials",
    "registeredModels",
    "batchPredictions",
    "users",
    "deadTasks",
    "workers",
    "auditLog",
    "activity",
];

/// A root field that is dearer than it looks.
#[derive(Clone, Copy, Debug)]
pub struct Weight {
    /// Its name.
    pub field: &'static str,
    /// What it costs besides.
    pub cost: usize,
    /// What each item of a list costs that it is given.
    pub each: Option<Each>,
}

/// A list that a field is given.
#[derive(Clone, Copy, Debug)]
pub struct Each {
    /// The argument.
    pub argument: &'static str,
    /// The field of the argument; none: the argument itself.
    pub field: Option<&'static str>,
    /// What an item costs.
    pub cost: usize,
}

const fn once(field: &'static str, cost: usize) -> Weight {
    Weight {
        field,
        cost,
        each: None,
    }
}

const fn each(field: &'static str, cost: usize, list: &'static str, item: usize) -> Weight {
    Weight {
        field,
        cost,
        each: Some(Each {
            argument: "input",
            field: Some(list),
            cost: item,
        }),
    }
}

/// Root fields that are dear, at the root of an operation or below the `query` of an answer: they start work, hash passwords, send mail or compute.
pub const WEIGHTS: &[Weight] = &[
    // Work for workers.
    once("createJob", 500),
    once("cloneJob", 500),
    once("extendJob", 500),
    once("retryJob", 500),
    once("createBatchPrediction", 500),
    once("completeUpload", 500),
    once("createSampleDataset", 500),
    // Work for this process.
    each("predict", 100, "rows", 1),
    once("jobEstimate", 500),
    Weight {
        field: "comparison",
        cost: 100,
        each: Some(Each {
            argument: "jobIds",
            field: None,
            cost: 50,
        }),
    },
    // The store of files.
    once("createUpload", 100),
    each("signUploadParts", 10, "partNumbers", 1),
    // Many rows at a time.
    each("cancelJobs", 0, "ids", 20),
    each("deleteJobs", 0, "ids", 20),
    each("tagJobs", 0, "ids", 20),
    // Passwords are slow to hash, and mail goes out.
    once("signIn", 1_000),
    once("signInWithCode", 1_000),
    once("signUp", 1_000),
    once("refreshSession", 200),
    once("requestPasswordReset", 1_000),
    once("resetPassword", 1_000),
    once("verifyEmail", 1_000),
    once("setPassword", 1_000),
    once("updatePassword", 1_000),
    once("updateEmail", 1_000),
    once("requestEmailVerification", 1_000),
    once("createApiToken", 100),
    once("testWebhook", 500),
];

/// What a cost is worth in points.
pub fn points(cost: usize) -> u64 {
    u64::try_from(cost / 100).unwrap_or(u64::MAX).max(1)
}

/// How the cost of an operation follows from its variables. Made once a document.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Each after the one that it is below.
    levels: Vec<Level>,
    /// The cost, where no variable has a say in it.
    fixed: Option<usize>,
}

/// Fields that are resolved for the same rows.
#[derive(Clone, Debug)]
struct Level {
    above: usize,
    times: Times,
    /// What they cost for one row.
    cost: usize,
}

/// For how many rows what is below a field is resolved, for each row of the field itself.
#[derive(Clone, Debug)]
enum Times {
    Fixed(usize),
    /// As many as the first of the two says that says something.
    Page(Size, Size),
    /// As many as a list has items: a variable, or a field of it; and how many there are without it.
    Items(Name, Option<&'static str>, usize),
}

/// What is said about the size of a page.
#[derive(Clone, Debug)]
enum Size {
    Unsaid,
    Said(usize),
    Variable(Name, Option<usize>),
}

impl Plan {
    /// The cost with these variables.
    ///
    /// # Errors
    /// `QUERY_TOO_COMPLEX` beyond the limit.
    pub fn cost(&self, variables: &Variables) -> Result<usize, Failure> {
        let cost = self.fixed.unwrap_or_else(|| self.reckon(variables));
        if cost > LIMITS.cost {
            return Err(too_complex(
                "The operation may touch too many rows; ask for smaller pages",
            ));
        }
        Ok(cost)
    }

    /// Memory of it.
    pub fn bytes(&self) -> usize {
        self.levels.len() * size_of::<Level>()
    }

    fn reckon(&self, variables: &Variables) -> usize {
        let mut rows: Vec<usize> = Vec::with_capacity(self.levels.len());
        let mut cost = 0_usize;
        for level in &self.levels {
            let above = rows.get(level.above).copied().unwrap_or(1);
            let here = above.saturating_mul(level.times.with(variables));
            cost = cost.saturating_add(here.saturating_mul(level.cost));
            rows.push(here);
        }
        cost
    }
}

impl Times {
    fn with(&self, variables: &Variables) -> usize {
        match self {
            Self::Fixed(times) => *times,
            Self::Page(first, last) => {
                let said = first.with(variables).or_else(|| last.with(variables));
                said.unwrap_or(DEFAULT_PAGE).min(MAX_PAGE)
            }
            Self::Items(variable, field, default) => match variables.get(variable) {
                Some(value) => length(value, *field),
                None => *default,
            },
        }
    }
}

/// Items of a list, or of one that is a field of the value. A single value is a list of one.
fn length(value: &ConstValue, field: Option<&str>) -> usize {
    let list = match (value, field) {
        (ConstValue::Object(fields), Some(field)) => fields.get(field),
        (value, _) => Some(value),
    };
    match list {
        Some(ConstValue::List(items)) => items.len(),
        _ => 1,
    }
}

impl Size {
    fn with(&self, variables: &Variables) -> Option<usize> {
        match self {
            Self::Unsaid => None,
            Self::Said(size) => Some(*size),
            Self::Variable(name, default) => match variables.get(name) {
                None => *default,
                Some(ConstValue::Null) => None,
                Some(value) => Some(size(value)),
            },
        }
    }
}

/// What is no size is refused later: it counts for the most.
fn size(value: &ConstValue) -> usize {
    match value {
        ConstValue::Number(number) => number
            .as_u64()
            .and_then(|size| usize::try_from(size).ok())
            .unwrap_or(MAX_PAGE),
        _ => MAX_PAGE,
    }
}

/// A plan in the making.
pub struct Planning<'a> {
    operation: &'a OperationDefinition,
    levels: Vec<Level>,
}

impl<'a> Planning<'a> {
    /// The level of the root fields.
    pub const ROOT: usize = 0;

    /// Of an operation, before any of its fields.
    pub fn new(operation: &'a OperationDefinition) -> Self {
        let root = Level {
            above: Self::ROOT,
            times: Times::Fixed(1),
            cost: 0,
        };
        Self {
            operation,
            levels: vec![root],
        }
    }

    /// Adds a field of that level; the level of the fields below it.
    pub fn field(&mut self, field: &'a Field, level: usize, is_root: bool) -> usize {
        if let Some(here) = self.levels.get_mut(level) {
            here.cost += 1;
        }
        let name = field.name.node.as_str();
        if is_root && let Some(weight) = WEIGHTS.iter().find(|weight| weight.field == name) {
            self.weigh(field, weight, level);
        }
        let times = if PAGED_FIELDS.contains(&name) {
            Times::Page(self.said(field, "first"), self.said(field, "last"))
        } else if name == "nodes" {
            self.items(field, "ids", None)
        } else {
            return level;
        };
        self.below(level, times, 0)
    }

    /// The plan.
    pub fn finish(mut self) -> Plan {
        self.levels.shrink_to_fit();
        let mut plan = Plan {
            levels: self.levels,
            fixed: None,
        };
        if plan.levels.iter().all(|level| level.times.is_fixed()) {
            plan.fixed = Some(plan.reckon(&Variables::default()));
        }
        plan
    }

    fn weigh(&mut self, field: &Field, weight: &Weight, level: usize) {
        if let Some(here) = self.levels.get_mut(level) {
            here.cost += weight.cost;
        }
        if let Some(each) = &weight.each {
            let items = self.items(field, each.argument, each.field);
            self.below(level, items, each.cost);
        }
    }

    fn below(&mut self, above: usize, times: Times, cost: usize) -> usize {
        self.levels.push(Level { above, times, cost });
        self.levels.len() - 1
    }

    fn said(&self, field: &Field, argument: &str) -> Size {
        match field.get_argument(argument).map(|value| &value.node) {
            None | Some(Value::Null) => Size::Unsaid,
            Some(Value::Variable(name)) => Size::Variable(name.clone(), self.default(name)),
            Some(value) => Size::Said(value.clone().into_const().map_or(MAX_PAGE, |value| size(&value))),
        }
    }

    fn default(&self, variable: &Name) -> Option<usize> {
        match self.default_value(variable)? {
            ConstValue::Null => None,
            value => Some(size(value)),
        }
    }

    fn default_value(&self, variable: &Name) -> Option<&'a ConstValue> {
        let mut definitions = self.operation.variable_definitions.iter();
        let definition = definitions.find(|definition| definition.node.name.node == *variable)?;
        Some(&definition.node.default_value.as_ref()?.node)
    }

    /// The items of a list that a field is given, wherever variables stand in for parts of it.
    fn items(&self, field: &Field, argument: &str, inside: Option<&'static str>) -> Times {
        let of_variable = |name: &Name, inside| {
            let default = self.default_value(name).map_or(1, |value| length(value, inside));
            Times::Items(name.clone(), inside, default)
        };
        let given = field.get_argument(argument).map(|value| &value.node);
        let list = match (given, inside) {
            (Some(Value::Object(fields)), Some(inside)) => fields.get(inside),
            (Some(Value::Variable(name)), inside) => return of_variable(name, inside),
            (given, _) => given,
        };
        match list {
            Some(Value::List(items)) => Times::Fixed(items.len()),
            Some(Value::Variable(name)) => of_variable(name, None),
            _ => Times::Fixed(1),
        }
    }
}

impl Times {
    fn is_fixed(&self) -> bool {
        let is_said = |size: &Size| !matches!(size, Size::Variable(..));
        match self {
            Self::Fixed(_) => true,
            Self::Page(first, last) => is_said(first) && is_said(last),
            Self::Items(..) => false,
        }
    }
}
