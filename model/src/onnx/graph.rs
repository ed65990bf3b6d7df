//! Builds a graph node by node; names stay unique whatever the columns are called.

use std::collections::HashSet;

use super::proto::{
    AttributeProto, DimensionProto, GraphProto, NodeProto, TensorProto, TensorShapeProto, TensorTypeProto,
    TypeProto, ValueInfoProto, attribute_kind,
};

/// Element types of ONNX tensors, as numbered there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Element {
    /// 32-bit float.
    Float = 1,
    /// Unsigned byte.
    Byte = 2,
    /// 64-bit integer.
    Int64 = 7,
    /// UTF-8 string.
    Text = 8,
    /// Boolean.
    Bool = 9,
    /// 64-bit float.
    Double = 11,
}

/// The operator set of the machine-learning operators.
pub const ML_DOMAIN: &str = "ai.onnx.ml";

/// A value that flows through the graph.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edge(String);

/// A named attribute of a node.
#[derive(Clone, Debug, PartialEq)]
pub struct Attribute(AttributeProto);

/// A constant tensor.
#[derive(Clone, Debug, PartialEq)]
pub struct Tensor(TensorProto);

/// A graph under construction.
#[derive(Debug, Default)]
pub struct Graph {
    proto: GraphProto,
    taken: HashSet<String>,
    next: usize,
}

impl Graph {
    /// An empty graph whose own names avoid those reserved: the names of all inputs and outputs to come.
    pub fn new(name: &str, reserved: impl IntoIterator<Item = String>) -> Self {
        let proto = GraphProto {
            name: name.to_owned(),
            ..GraphProto::default()
        };
        Self {
            proto,
            taken: reserved.into_iter().collect(),
            next: 0,
        }
    }

    /// Declares an input of shape `[rows, 1]`.
    pub fn input(&mut self, name: &str, element: Element) -> Edge {
        let rows_by_one = [
            dimension_rows(),
            DimensionProto {
                dim_value: Some(1),
                dim_param: None,
            },
        ];
        self.proto
            .input
            .push(value_info(name, element, rows_by_one.into()));
        Edge(name.to_owned())
    }

    /// Declares `edge` as the output of that name: shape `[rows]`, or `[rows, columns]`.
    pub fn output(&mut self, name: &str, edge: &Edge, element: Element, columns: Option<usize>) {
        self.node("Identity", "", &[edge], vec![name.to_owned()], Vec::new());
        let mut shape = vec![dimension_rows()];
        shape.extend(columns.map(|columns| DimensionProto {
            dim_value: Some(columns as i64),
            dim_param: None,
        }));
        self.proto.output.push(value_info(name, element, shape));
    }

    /// Adds a node with one output.
    pub fn op(&mut self, operator: &str, inputs: &[&Edge], attributes: Vec<Attribute>) -> Edge {
        let output = self.fresh();
        self.node(operator, "", inputs, vec![output.clone()], attributes);
        Edge(output)
    }

    /// Adds a node of the machine-learning operator set, with one output.
    pub fn ml(&mut self, operator: &str, inputs: &[&Edge], attributes: Vec<Attribute>) -> Edge {
        let output = self.fresh();
        self.node(operator, ML_DOMAIN, inputs, vec![output.clone()], attributes);
        Edge(output)
    }

    /// Adds a node with two outputs and returns the first.
    pub fn first_of_two(&mut self, operator: &str, inputs: &[&Edge], attributes: Vec<Attribute>) -> Edge {
        let outputs = vec![self.fresh(), self.fresh()];
        let first = Edge(outputs[0].clone());
        self.node(operator, "", inputs, outputs, attributes);
        first
    }

    /// Adds a constant.
    pub fn constant(&mut self, tensor: Tensor) -> Edge {
        let name = self.fresh();
        self.proto.initializer.push(TensorProto {
            name: name.clone(),
            ..tensor.0
        });
        Edge(name)
    }

    /// Adds a constant vector of doubles.
    pub fn doubles(&mut self, values: &[f64]) -> Edge {
        self.constant(Tensor::doubles(&[values.len()], values))
    }

    /// Adds a constant vector of integers.
    pub fn integers(&mut self, values: &[i64]) -> Edge {
        self.constant(Tensor::integers(&[values.len()], values))
    }

    /// Adds a constant integer without dimensions.
    pub fn integer(&mut self, value: i64) -> Edge {
        self.constant(Tensor::integers(&[], &[value]))
    }

    /// Adds a conversion to another element type.
    pub fn cast(&mut self, edge: &Edge, element: Element) -> Edge {
        self.op("Cast", &[edge], vec![Attribute::integer("to", element as i64)])
    }

    /// Adds a concatenation along the columns; a single edge stays as it is.
    pub fn columns(&mut self, edges: &[Edge]) -> Edge {
        if let [only] = edges {
            return only.clone();
        }
        let edges: Vec<&Edge> = edges.iter().collect();
        self.op("Concat", &edges, vec![Attribute::integer("axis", 1)])
    }

    /// Adds a choice of columns.
    pub fn gather_columns(&mut self, edge: &Edge, columns: &[i64]) -> Edge {
        let columns = self.integers(columns);
        self.op("Gather", &[edge, &columns], vec![Attribute::integer("axis", 1)])
    }

    /// The finished graph.
    pub(crate) fn finish(self) -> GraphProto {
        self.proto
    }

    fn fresh(&mut self) -> String {
        loop {
            let name = format!("_{}", self.next);
            self.next += 1;
            if !self.taken.contains(&name) {
                return name;
            }
        }
    }

    fn node(
        &mut self,
        operator: &str,
        domain: &str,
        inputs: &[&Edge],
        output: Vec<String>,
        attributes: Vec<Attribute>,
    ) {
        self.proto.node.push(NodeProto {
            input: inputs.iter().map(|edge| edge.0.clone()).collect(),
            name: format!("node{}", self.proto.node.len()),
            output,
            op_type: operator.to_owned(),
            attribute: attributes.into_iter().map(|attribute| attribute.0).collect(),
            domain: domain.to_owned(),
        });
    }
}

impl Tensor {
    /// Doubles of that shape.
    pub fn doubles(shape: &[usize], values: &[f64]) -> Self {
        Self::raw(
            shape,
            Element::Double,
            values.iter().flat_map(|value| value.to_le_bytes()).collect(),
        )
    }

    /// 32-bit floats of that shape.
    pub fn floats(shape: &[usize], values: &[f32]) -> Self {
        Self::raw(
            shape,
            Element::Float,
            values.iter().flat_map(|value| value.to_le_bytes()).collect(),
        )
    }

    /// Integers of that shape.
    pub fn integers(shape: &[usize], values: &[i64]) -> Self {
        Self::raw(
            shape,
            Element::Int64,
            values.iter().flat_map(|value| value.to_le_bytes()).collect(),
        )
    }

    /// A vector of bytes.
    pub fn bytes(values: Vec<u8>) -> Self {
        Self::raw(&[values.len()], Element::Byte, values)
    }

    /// Strings of that shape.
    pub fn texts(shape: &[usize], values: impl IntoIterator<Item = impl AsRef<str>>) -> Self {
        let string_data = values
            .into_iter()
            .map(|text| text.as_ref().as_bytes().to_vec())
            .collect();
        let dims = shape.iter().map(|size| *size as i64).collect();
        Self(TensorProto {
            dims,
            data_type: Element::Text as i32,
            string_data,
            ..TensorProto::default()
        })
    }

    fn raw(shape: &[usize], element: Element, raw_data: Vec<u8>) -> Self {
        let dims = shape.iter().map(|size| *size as i64).collect();
        Self(TensorProto {
            dims,
            data_type: element as i32,
            raw_data: Some(raw_data),
            ..TensorProto::default()
        })
    }
}

impl Attribute {
    /// An integer.
    pub fn integer(name: &str, value: i64) -> Self {
        let kind = attribute_kind::INT;
        Self(AttributeProto {
            name: name.to_owned(),
            i: Some(value),
            kind,
            ..AttributeProto::default()
        })
    }

    /// Integers.
    pub fn integers(name: &str, values: Vec<i64>) -> Self {
        let kind = attribute_kind::INTS;
        Self(AttributeProto {
            name: name.to_owned(),
            ints: values,
            kind,
            ..AttributeProto::default()
        })
    }

    /// A string.
    pub fn text(name: &str, value: &str) -> Self {
        let (kind, s) = (attribute_kind::STRING, Some(value.as_bytes().to_vec()));
        Self(AttributeProto {
            name: name.to_owned(),
            s,
            kind,
            ..AttributeProto::default()
        })
    }

    /// Strings.
    pub fn texts(name: &str, values: &[String]) -> Self {
        let strings = values.iter().map(|text| text.as_bytes().to_vec()).collect();
        let kind = attribute_kind::STRINGS;
        Self(AttributeProto {
            name: name.to_owned(),
            strings,
            kind,
            ..AttributeProto::default()
        })
    }

    /// A tensor.
    pub fn tensor(name: &str, value: Tensor) -> Self {
        let kind = attribute_kind::TENSOR;
        Self(AttributeProto {
            name: name.to_owned(),
            t: Some(value.0),
            kind,
            ..AttributeProto::default()
        })
    }
}

/// The number of rows, known only when the graph runs.
fn dimension_rows() -> DimensionProto {
    DimensionProto {
        dim_value: None,
        dim_param: Some("rows".to_owned()),
    }
}

fn value_info(name: &str, element: Element, shape: Vec<DimensionProto>) -> ValueInfoProto {
    let shape = Some(TensorShapeProto { dim: shape });
    let tensor_type = Some(TensorTypeProto {
        elem_type: element as i32,
        shape,
    });
    ValueInfoProto {
        name: name.to_owned(),
        r#type: Some(TypeProto { tensor_type }),
    }
}
