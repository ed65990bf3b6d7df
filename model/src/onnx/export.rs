//! A whole model as one graph: raw row in, label and probabilities (or a value) out.

use prost::Message;
use thiserror::Error;

use super::graph::{Attribute, Edge, Element, Graph, ML_DOMAIN, Tensor};
use super::proto::{ModelProto, OperatorSetIdProto, StringStringEntryProto};
use crate::estimator::network::Activation;
use crate::{Estimator, Input, InputKind, Invalid, Link, Model, Predictor};

/// Why a model has no ONNX form.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ExportError {
    /// A protobuf message holds less than 2 GiB.
    #[error(
        "the ONNX file would have {0} bytes, but ONNX holds less than 2 GiB: deploy the native model instead"
    )]
    TooLarge(usize),
    /// The names of a runtime's inputs end at a NUL character.
    #[error("the column name {0:?} has a NUL character, which onnxruntime cannot take: rename the column")]
    Name(String),
    /// A model without inputs has no graph.
    #[error("the model takes no inputs, so that an ONNX file could not know the number of rows")]
    NoInputs,
    /// The model breaks its own invariants.
    #[error(transparent)]
    Invalid(#[from] Invalid),
}

/// Largest protobuf message that readers accept.
const LARGEST_FILE: usize = i32::MAX as usize;

/// The names of a graph's outputs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutputNames {
    /// Class labels, `[rows]` strings; `None` for regression.
    pub label: Option<String>,
    /// `probabilities` (`[rows, K]` doubles), or `prediction` (`[rows]` doubles) for regression.
    pub values: String,
}

/// The names of the outputs: `label` and `probabilities`, or `prediction`. A name that an input has already gets
/// `_output` behind it, as often as needed.
pub fn output_names(model: &Model) -> OutputNames {
    let free = |wanted: &str| {
        let mut name = wanted.to_owned();
        while model.inputs.iter().any(|input| input.name == name) {
            name.push_str("_output");
        }
        name
    };
    if model.problem.is_classification() {
        OutputNames {
            label: Some(free("label")),
            values: free("probabilities"),
        }
    } else {
        OutputNames {
            label: None,
            values: free("prediction"),
        }
    }
}

/// The bytes of an ONNX file (opset 21, ai.onnx.ml 5) that answers like the model.
///
/// # Errors
/// See [`ExportError`].
pub fn export(model: &Model) -> Result<Vec<u8>, ExportError> {
    model.validate()?;
    if model.inputs.is_empty() {
        return Err(ExportError::NoInputs);
    }
    if let Some(input) = model.inputs.iter().find(|input| input.name.contains('\0')) {
        return Err(ExportError::Name(input.name.clone()));
    }
    let names = output_names(model);
    let inputs = model.inputs.iter().map(|input| input.name.clone());
    let reserved = inputs.chain(names.label.clone()).chain([names.values.clone()]);
    let mut graph = Graph::new("automl", reserved);
    let inputs: Vec<Edge> = model
        .inputs
        .iter()
        .map(|input| declare(&mut graph, input))
        .collect();
    let features = encode(&mut graph, model, &inputs);
    let mut outputs = ensemble(&mut graph, model, &features, &inputs[0]);
    if let Some(calibration) = &model.refinements.calibration {
        outputs = calibration.lower(&mut graph, &outputs);
    }
    answer(&mut graph, model, &names, &outputs);

    let opset = |domain: &str, version| OperatorSetIdProto {
        domain: domain.to_owned(),
        version,
    };
    let proto = ModelProto {
        ir_version: 10,
        producer_name: "automl".to_owned(),
        producer_version: model.provenance.program.clone(),
        graph: Some(graph.finish()),
        opset_import: vec![opset("", 21), opset(ML_DOMAIN, 5)],
        metadata_props: metadata(model, &names),
    };
    let bytes = proto.encoded_len();
    if bytes > LARGEST_FILE {
        return Err(ExportError::TooLarge(bytes));
    }
    Ok(proto.encode_to_vec())
}

fn declare(graph: &mut Graph, input: &Input) -> Edge {
    let element = match input.kind {
        InputKind::Number => Element::Double,
        InputKind::Text => Element::Text,
    };
    graph.input(&input.name, element)
}

/// The encoded features, `[rows, features]`; `None` when there are none.
fn encode(graph: &mut Graph, model: &Model, inputs: &[Edge]) -> Option<Edge> {
    let mut parts = Vec::with_capacity(model.encoder.steps.len());
    for (position, transform) in &model.encoder.steps {
        let step = transform.step();
        if step.width() > 0 {
            parts.push(step.lower(graph, &inputs[*position]));
        }
    }
    (!parts.is_empty()).then(|| graph.columns(&parts))
}

/// The weighted sum of the members' means, `[rows, outputs]`.
fn ensemble(graph: &mut Graph, model: &Model, features: &Option<Edge>, any_input: &Edge) -> Edge {
    let mut shares = Vec::with_capacity(model.members.len());
    for member in &model.members {
        let mut outputs = Vec::with_capacity(member.predictors.len());
        for predictor in &member.predictors {
            outputs.push(lower_predictor(graph, predictor, features.as_ref(), any_input));
        }
        let sum = total(graph, &outputs);
        let share = graph.doubles(&[member.weight / member.predictors.len() as f64]);
        shares.push(graph.op("Mul", &[&sum, &share], vec![]));
    }
    total(graph, &shares)
}

fn total(graph: &mut Graph, edges: &[Edge]) -> Edge {
    match edges {
        [only] => only.clone(),
        edges => graph.op("Sum", &edges.iter().collect::<Vec<_>>(), vec![]),
    }
}

fn lower_predictor(
    graph: &mut Graph,
    predictor: &Predictor,
    features: Option<&Edge>,
    any_input: &Edge,
) -> Edge {
    let dense = match (&predictor.dense, features) {
        (Some(dense), Some(features)) => dense.lower(graph, features),
        (_, features) => features.cloned(),
    };
    let raw = match (&predictor.estimator, dense) {
        (Estimator::Forest(forest), Some(inputs)) => forest.lower(graph, &inputs),
        (Estimator::Widened(widened), Some(inputs)) => widened.lower(graph, &inputs),
        (Estimator::Linear(linear), Some(inputs)) => linear.lower(graph, &inputs),
        (Estimator::Network(network), Some(inputs)) => network.lower(Activation::Relu, graph, &inputs),
        (Estimator::Smooth(network), Some(inputs)) => network.lower(Activation::Silu, graph, &inputs),
        (Estimator::Constant(values), _) => repeat(graph, values, any_input),
        // Without inputs every row gets the same raw outputs.
        (estimator, None) => repeat(graph, &estimator.without_inputs(), any_input),
    };
    match predictor.link {
        Link::Identity => raw,
        Link::Softmax => graph.op("Softmax", &[&raw], vec![Attribute::integer("axis", 1)]),
        Link::Logistic => {
            let positive = graph.op("Sigmoid", &[&raw], vec![]);
            let one = graph.doubles(&[1.0]);
            let negative = graph.op("Sub", &[&one, &positive], vec![]);
            graph.columns(&[negative, positive])
        }
    }
}

/// The same values in every row.
pub(crate) fn repeat(graph: &mut Graph, values: &[f64], any_rows: &Edge) -> Edge {
    let row = graph.constant(Tensor::doubles(&[1, values.len()], values));
    let shape = graph.op(
        "Shape",
        &[any_rows],
        vec![Attribute::integer("start", 0), Attribute::integer("end", 1)],
    );
    let width = graph.integers(&[values.len() as i64]);
    let shape = graph.op("Concat", &[&shape, &width], vec![Attribute::integer("axis", 0)]);
    graph.op("Expand", &[&row, &shape], vec![])
}

fn answer(graph: &mut Graph, model: &Model, names: &OutputNames, outputs: &Edge) {
    match &names.label {
        Some(label) => {
            let best = predicted_class(graph, model, outputs);
            let classes = graph.constant(Tensor::texts(&[model.classes.len()], &model.classes));
            let labels = graph.op("Gather", &[&classes, &best], vec![Attribute::integer("axis", 0)]);
            graph.output(label, &labels, Element::Text, None);
            graph.output(&names.values, outputs, Element::Double, Some(model.classes.len()));
        }
        None => {
            let axis = graph.integers(&[1]);
            let values = graph.op("Squeeze", &[outputs, &axis], vec![]);
            graph.output(&names.values, &values, Element::Double, None);
        }
    }
}

/// Position of the predicted class, `[rows]` integers: `Model::class`.
fn predicted_class(graph: &mut Graph, model: &Model, outputs: &Edge) -> Edge {
    let Some(threshold) = model.refinements.threshold else {
        let attributes = vec![Attribute::integer("axis", 1), Attribute::integer("keepdims", 0)];
        return graph.op("ArgMax", &[outputs], attributes);
    };
    let second = graph.gather_columns(outputs, &[1]);
    let threshold = graph.doubles(&[threshold]);
    let is_second = graph.op("Greater", &[&second, &threshold], vec![]);
    let is_second = graph.cast(&is_second, Element::Int64);
    let axis = graph.integers(&[1]);
    graph.op("Squeeze", &[&is_second, &axis], vec![])
}

fn metadata(model: &Model, names: &OutputNames) -> Vec<StringStringEntryProto> {
    let problem = serde_json::json!(model.problem);
    let mut entries = vec![
        ("problem", problem.as_str().unwrap_or_default().to_owned()),
        ("target", model.target.clone()),
        ("classes", serde_json::json!(model.classes).to_string()),
        ("output.values", names.values.clone()),
        ("data_sha256", model.provenance.data_sha256.clone()),
    ];
    entries.extend(names.label.iter().map(|label| ("output.label", label.clone())));
    let threshold = model.refinements.threshold;
    entries.extend(threshold.map(|threshold| ("threshold", threshold.to_string())));
    let entry = |(key, value): (&str, String)| StringStringEntryProto {
        key: format!("automl.{key}"),
        value,
    };
    entries.into_iter().map(entry).collect()
}
