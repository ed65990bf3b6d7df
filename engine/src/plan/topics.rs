//! Topics of a column of free text, fitted on the training rows' texts without the target: tf-idf of frequent words and pairs of words,
//! and the leading right singular vectors of the texts, by orthogonal iteration from a fixed random start (Halko, Martinsson & Tropp,
//! SIAM Review 2011).

use std::collections::HashMap;

use model::transform::topics::Topics;

use crate::trees::mix;

/// Topics at most.
pub const MOST_TOPICS: usize = 24;
/// Texts that the topics are fitted on, and terms of a text that count.
const TEXTS: usize = 8_000;
const TERMS_OF_A_TEXT: usize = 400;
/// Fewer different texts make no topics.
const FEWEST_TEXTS: usize = 100;
/// Most words, and most pairs of words.
const MOST_WORDS: usize = 5_000;
const MOST_PAIRS: usize = 3_000;
/// With fewer terms, which of them occur says all there is to say.
const FEWEST_TERMS: usize = 60;
/// A term has to occur in that many texts, and not in nearly all.
const LEAST_TEXTS: usize = 5;
const MOST_OFTEN: f64 = 0.8;
/// Directions that are followed beside those kept, and how often.
const SPARE: usize = 8;
const PASSES: usize = 8;

/// A text's terms and their shares.
type Row = Vec<(u32, f64)>;

/// Fits topics on different texts with the numbers of their rows; `None` where there is too little to learn from.
pub fn fit(counts: &[(String, usize)]) -> Option<Topics> {
    if counts.len() < FEWEST_TEXTS {
        return None;
    }
    let taken = counts.len().min(TEXTS);
    let texts: Vec<&str> = (0..taken)
        .map(|place| counts[place * counts.len() / taken].0.as_str())
        .collect();
    let (terms, texts_with) = vocabulary(&texts);
    if terms.len() < FEWEST_TERMS {
        return None;
    }
    // As scikit-learn has it, so that the square is at least 1.
    let weights: Vec<f64> = texts_with
        .iter()
        .map(|&with| ((1.0 + texts.len() as f64) / (1.0 + with as f64)).ln() + 1.0)
        .collect();
    let rows = rows(&texts, &terms, &weights);
    let topics = MOST_TOPICS.min(terms.len() / 4);
    let directions = directions(&rows, terms.len(), topics + SPARE);
    let mut components = Vec::with_capacity(terms.len() * topics);
    for (direction, weight) in directions.chunks_exact(topics + SPARE).zip(&weights) {
        components.extend(direction[..topics].iter().map(|share| (share * weight) as f32));
    }
    Some(Topics {
        terms,
        squares: weights.iter().map(|weight| weight * weight).collect(),
        components,
        topics: topics as u32,
    })
}

/// The terms that most texts hold, words before pairs, and how many texts hold each.
fn vocabulary(texts: &[&str]) -> (Vec<String>, Vec<usize>) {
    let mut texts_with: HashMap<&str, usize> = HashMap::new();
    for text in texts {
        for term in distinct_terms(text) {
            *texts_with.entry(term).or_insert(0) += 1;
        }
    }
    let most = (texts.len() as f64 * MOST_OFTEN) as usize;
    let mut frequent: Vec<(&str, usize)> = texts_with.into_iter().collect();
    frequent.retain(|&(_, with)| (LEAST_TEXTS..=most).contains(&with));
    frequent.sort_unstable_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    let (pairs, words): (Vec<_>, Vec<_>) = frequent.into_iter().partition(|(term, _)| term.contains(' '));
    let kept = words
        .into_iter()
        .take(MOST_WORDS)
        .chain(pairs.into_iter().take(MOST_PAIRS));
    kept.map(|(term, with)| (term.to_owned(), with)).unzip()
}

fn terms_of(text: &str) -> Vec<&str> {
    let mut terms = Vec::new();
    Topics::each_term(text, |term| {
        if terms.len() < TERMS_OF_A_TEXT {
            terms.push(term);
        }
    });
    terms
}

fn distinct_terms(text: &str) -> Vec<&str> {
    let mut terms = terms_of(text);
    terms.sort_unstable();
    terms.dedup();
    terms
}

/// Every text by the known terms that it holds, scaled as `Topics` scales a text.
fn rows(texts: &[&str], terms: &[String], weights: &[f64]) -> Vec<Row> {
    let places = terms.iter().enumerate();
    let index: HashMap<&str, u32> = places
        .map(|(place, term)| (term.as_str(), place as u32))
        .collect();
    let mut rows = Vec::with_capacity(texts.len());
    for text in texts {
        let terms = terms_of(text);
        let known: Vec<u32> = terms.iter().filter_map(|term| index.get(term).copied()).collect();
        let norm: f64 = known.iter().map(|&term| weights[term as usize].powi(2)).sum();
        let share = |&term: &u32| (term, weights[term as usize] / norm.max(1.0).sqrt());
        rows.push(known.iter().map(share).collect());
    }
    rows
}

/// The leading right singular vectors of the texts, term-major, `width` a term, the longest first.
fn directions(rows: &[Row], terms: usize, width: usize) -> Vec<f64> {
    let random = |place: usize| (mix(7, place as u64) >> 11) as f64 / (1_u64 << 52) as f64 - 1.0;
    let mut directions: Vec<f64> = (0..terms * width).map(random).collect();
    make_orthonormal(&mut directions, width);
    let mut answer = vec![0.0; width];
    for _ in 0..PASSES {
        let mut next = vec![0.0; terms * width];
        for row in rows {
            answer.fill(0.0);
            for &(term, share) in row {
                let direction = &directions[term as usize * width..][..width];
                for (sum, value) in answer.iter_mut().zip(direction) {
                    *sum += share * value;
                }
            }
            for &(term, share) in row {
                let next = &mut next[term as usize * width..][..width];
                for (sum, value) in next.iter_mut().zip(&answer) {
                    *sum += share * value;
                }
            }
        }
        directions = next;
        make_orthonormal(&mut directions, width);
    }
    directions
}

/// Makes the columns of a row-major matrix orthonormal, the first keeping its direction (modified Gram-Schmidt, twice, which is enough:
/// Giraud et al. 2005). A column that nothing is left of becomes 0.
fn make_orthonormal(matrix: &mut [f64], width: usize) {
    for column in 0..width {
        for _ in 0..2 {
            for other in 0..column {
                let mut product = 0.0;
                for row in matrix.chunks_exact(width) {
                    product += row[column] * row[other];
                }
                for row in matrix.chunks_exact_mut(width) {
                    row[column] -= product * row[other];
                }
            }
        }
        let square: f64 = matrix.chunks_exact(width).map(|row| row[column].powi(2)).sum();
        let length = square.sqrt();
        for row in matrix.chunks_exact_mut(width) {
            row[column] = if length > 1e-9 { row[column] / length } else { 0.0 };
        }
    }
}

#[cfg(test)]
mod tests {
    use model::transform::Step;

    use super::*;

    /// Texts of one of two subjects, each with words of its own among words of all.
    fn texts(count: usize) -> Vec<(String, usize)> {
        let word = |text: usize, place: usize| {
            let draw = mix(text as u64, place as u64);
            let subject = if draw.is_multiple_of(3) { text % 2 } else { 2 };
            format!("s{subject}w{}", (draw >> 8) % 40)
        };
        let text = |text: usize| {
            (0..12)
                .map(|place| word(text, place))
                .collect::<Vec<_>>()
                .join(" ")
        };
        (0..count).map(|number| (text(number), 1)).collect()
    }

    #[test]
    fn a_topic_parts_two_subjects() {
        let texts = texts(600);
        let topics = fit(&texts).expect("topics");
        assert_eq!(
            topics.components.len(),
            topics.terms.len() * topics.topics as usize
        );
        let index = topics.index();
        let mut out = vec![0.0; topics.topics as usize];
        // The best topic at a single cut.
        let mut right = vec![0_i64; out.len()];
        for (number, (text, _)) in texts.iter().enumerate() {
            topics.encode_text(&index, Some(text), &mut out);
            for (right, value) in right.iter_mut().zip(&out) {
                *right += if (*value > 0.0) == number.is_multiple_of(2) {
                    1
                } else {
                    -1
                };
            }
        }
        let best = right.iter().map(|right| right.abs()).max().expect("topics");
        assert!(best > 400, "{right:?}");
        assert_eq!(fit(&texts), Some(topics), "the same again");
    }

    #[test]
    fn directions_are_orthonormal_and_those_of_the_texts() {
        // Three texts of one term each: the directions are the terms, the most frequent first.
        let rows: Vec<Row> = [(0, 1.0), (1, 2.0), (2, 3.0)].map(|term| vec![term]).into();
        let directions = directions(&rows, 4, 3);
        for (place, term) in [2, 1, 0].into_iter().enumerate() {
            let share: f64 = directions[term * 3 + place];
            assert!((share.abs() - 1.0).abs() < 1e-2, "{directions:?}");
        }
        assert!(directions[9..].iter().all(|share| share.abs() < 1e-9));
    }

    #[test]
    fn too_little_text_makes_no_topics() {
        assert_eq!(fit(&texts(50)), None);
        let same: Vec<(String, usize)> = (0..200)
            .map(|number| (format!("all alike {number}"), 1))
            .collect();
        assert_eq!(fit(&same), None);
    }
}
