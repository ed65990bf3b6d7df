//! The tables that a job and the command line write: predictions and the leaderboard, as CSV (RFC 4180).

use model::csv::{field, number};

use super::leaderboard::LeaderboardRow;
use crate::metrics::argmax;

/// Predictions: `prediction`, then for classes one column `p_<label>` each, in output order.
/// `outputs` is row-major, one value a class or one value.
pub fn predictions(classes: &[String], outputs: &[f64]) -> String {
    let width = classes.len().max(1);
    let mut text = String::with_capacity(outputs.len() * 12 + outputs.len() / width * 8);
    text.push_str("prediction");
    for label in classes {
        text.push(',');
        text.push_str(&field(&format!("p_{label}")));
    }
    text.push('\n');
    let labels: Vec<String> = classes.iter().map(|label| field(label)).collect();
    for row in outputs.chunks_exact(width) {
        if labels.is_empty() {
            number(&mut text, row[0]);
        } else {
            text.push_str(&labels[argmax(row)]);
            for probability in row {
                text.push(',');
                number(&mut text, *probability);
            }
        }
        text.push('\n');
    }
    text
}

/// The leaderboard, one line a row; what is absent is empty.
pub fn leaderboard(rows: &[LeaderboardRow]) -> String {
    let mut text = String::from(
        "rank,trial,name,learner,score,score_sd,loss,holdout_score,weight,fit_seconds,predict_seconds_per_row,error,params\n",
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
        ];
        text.push_str(&cells.join(","));
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_have_a_column_each_and_are_quoted() {
        let classes = ["a,b".to_owned(), "say \"x\"".to_owned()];
        let text = predictions(&classes, &[0.25, 0.75, 0.5, 0.5]);
        assert_eq!(
            text,
            "prediction,\"p_a,b\",\"p_say \"\"x\"\"\"\n\"say \"\"x\"\"\",0.25,0.75\n\"a,b\",0.5,0.5\n"
        );
    }

    #[test]
    fn values_read_back_exactly() {
        let values = [1.0 / 3.0, -1e-300, 0.0, 1e22, 123_456_789.123];
        let text = predictions(&[], &values);
        let read: Vec<f64> = text
            .lines()
            .skip(1)
            .filter_map(|line| line.parse().ok())
            .collect();
        assert_eq!(read, values);
    }
}
