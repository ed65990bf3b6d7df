//! The tables that a job and the command line write: predictions and the leaderboard, as CSV (RFC 4180).

use model::csv::{field, number};
use model::{Attribution, Model, Quantile};

use super::leaderboard::LeaderboardRow;

/// Predictions: `prediction`, then for classes one column `p_<label>` each, in output order. With a quantile then the interval of
/// a value as `low` and `high`, or the set of classes as one column `in_set_<label>` each, 1 or 0.
/// `outputs` is row-major, one value a class or one value.
pub fn predictions(model: &Model, outputs: &[f64], quantile: Option<Quantile>) -> String {
    let classes = &model.classes;
    let width = model.outputs();
    let mut text = String::with_capacity(outputs.len() * 12 + outputs.len() / width * 8);
    text.push_str("prediction");
    for label in classes {
        text.push(',');
        text.push_str(&field(&format!("p_{label}")));
    }
    if quantile.is_some() {
        if classes.is_empty() {
            text.push_str(",low,high");
        }
        for label in classes {
            text.push(',');
            text.push_str(&field(&format!("in_set_{label}")));
        }
    }
    text.push('\n');
    let labels: Vec<String> = classes.iter().map(|label| field(label)).collect();
    for row in outputs.chunks_exact(width) {
        if labels.is_empty() {
            number(&mut text, row[0]);
        } else {
            text.push_str(&labels[model.class(row)]);
            for probability in row {
                text.push(',');
                number(&mut text, *probability);
            }
        }
        if let Some(quantile) = quantile {
            interval(&mut text, model, row, quantile);
        }
        text.push('\n');
    }
    text
}

fn interval(text: &mut String, model: &Model, row: &[f64], quantile: Quantile) {
    if model.classes.is_empty() {
        let (low, high) = quantile.interval(row[0]);
        for end in [low, high] {
            text.push(',');
            number(text, end);
        }
    } else {
        for is_in in quantile.set(row) {
            text.push_str(if is_in { ",1" } else { ",0" });
        }
    }
}

/// What each column adds to the answers, one line a row: `prediction`, then `output` (the probability of the predicted class, or the
/// value), `base`, and one column an input of the model; `base` and the columns behind it sum to `output`. `outputs` is row-major,
/// `attributions` has one entry a row.
pub fn contributions(model: &Model, outputs: &[f64], attributions: &[Attribution]) -> String {
    let mut text = String::from("prediction,output,base");
    for input in &model.inputs {
        text.push(',');
        text.push_str(&field(&input.name));
    }
    text.push('\n');
    for (row, attribution) in outputs.chunks_exact(model.outputs()).zip(attributions) {
        let output = model.class(row);
        match model.label(row) {
            Some(label) => text.push_str(&field(label)),
            None => number(&mut text, row[0]),
        }
        let own = (0..model.inputs.len()).map(|input| attribution.of(input)[output]);
        for value in [row[output], attribution.base[output]].into_iter().chain(own) {
            text.push(',');
            number(&mut text, value);
        }
        text.push('\n');
    }
    text
}

/// The leaderboard, one line a row; what is absent is empty.
pub fn leaderboard(rows: &[LeaderboardRow]) -> String {
    let mut text = String::from(
        "rank,trial,name,learner,score,score_sd,loss,holdout_score,weight,fit_seconds,predict_seconds_per_row,error,params,left_out\n",
    );
    for row in rows {
        let params = serde_json::to_string(&row.params).unwrap_or_default();
        let optional = |value: Option<f64>| value.map(|value| value.to_string()).unwrap_or_default();
        let cells = [
            row.rank.map(|rank| rank.to_string()).unwrap_or_default(),
            row.number.map(|number| number.to_string()).unwrap_or_default(),
            field(&row.name),
            field(&row.learner),
            optional(row.score),
            optional(row.score_sd),
            optional(row.loss),
            optional(row.holdout_score),
            row.weight.to_string(),
            optional(row.fit_seconds),
            optional(row.predict_seconds_per_row),
            field(row.error.as_deref().unwrap_or_default()),
            field(&params),
            field(row.left_out.as_deref().unwrap_or_default()),
        ];
        text.push_str(&cells.join(","));
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use model::{Encoder, ProblemType, Provenance, Refinements};

    use super::*;

    fn model(classes: &[&str]) -> Model {
        Model {
            problem: match classes.len() {
                0 => ProblemType::Regression,
                2 => ProblemType::Binary,
                _ => ProblemType::Multiclass,
            },
            target: "y".to_owned(),
            classes: classes.iter().map(|class| (*class).to_owned()).collect(),
            inputs: Vec::new(),
            encoder: Encoder::default(),
            members: Vec::new(),
            provenance: Provenance::default(),
            refinements: Refinements::default(),
        }
    }

    #[test]
    fn intervals_and_sets_are_columns_of_their_own() {
        let quantile = Some(Quantile {
            level: 0.9,
            bound: 0.6,
        });
        let text = predictions(&model(&["a", "b,c"]), &[0.3, 0.7, 0.45, 0.55], quantile);
        assert_eq!(
            text,
            "prediction,p_a,\"p_b,c\",in_set_a,\"in_set_b,c\"\n\"b,c\",0.3,0.7,0,1\n\"b,c\",0.45,0.55,1,1\n"
        );
        let text = predictions(&model(&[]), &[2.0], quantile);
        assert_eq!(text, "prediction,low,high\n2,1.4,2.6\n");
    }

    #[test]
    fn a_threshold_decides_the_label() {
        let mut model = model(&["no", "yes"]);
        model.refinements.threshold = Some(0.2);
        let text = predictions(&model, &[0.75, 0.25, 0.8, 0.2], None);
        assert_eq!(text, "prediction,p_no,p_yes\nyes,0.75,0.25\nno,0.8,0.2\n");
    }

    #[test]
    fn classes_have_a_column_each_and_are_quoted() {
        let model = model(&["a,b", "say \"x\""]);
        let text = predictions(&model, &[0.25, 0.75, 0.5, 0.5], None);
        assert_eq!(
            text,
            "prediction,\"p_a,b\",\"p_say \"\"x\"\"\"\n\"say \"\"x\"\"\",0.25,0.75\n\"a,b\",0.5,0.5\n"
        );
    }

    #[test]
    fn values_read_back_exactly() {
        let values = [1.0 / 3.0, -1e-300, 0.0, 1e22, 123_456_789.123];
        let text = predictions(&model(&[]), &values, None);
        let read: Vec<f64> = text
            .lines()
            .skip(1)
            .filter_map(|line| line.parse().ok())
            .collect();
        assert_eq!(read, values);
    }
}
