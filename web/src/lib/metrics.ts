// What each metric means, in plain words, and which problems it is for. One entry a metric.
import type { Metric, ProblemType } from '../gql/graphql';

export type MetricWords = {
  name: string;
  /** One sentence for somebody who never met it. */
  meaning: string;
  higherIsBetter: boolean;
  problems: readonly ProblemType[];
};

const CLASSES = ['BINARY', 'MULTICLASS'] as const;
const NUMBERS = ['REGRESSION'] as const;

export const METRICS: Record<Metric, MetricWords> = {
  ROC_AUC: { name: 'ROC AUC', meaning: 'How well the right class is ranked above the wrong one: 0.5 is guessing, 1 is perfect.', higherIsBetter: true, problems: CLASSES },
  LOG_LOSS: { name: 'Log loss', meaning: 'How far the probabilities are from the truth; confident mistakes cost most. 0 is perfect.', higherIsBetter: false, problems: CLASSES },
  ACCURACY: { name: 'Accuracy', meaning: 'The share of right answers. Misleading when one class is rare.', higherIsBetter: true, problems: CLASSES },
  BALANCED_ACCURACY: { name: 'Balanced accuracy', meaning: 'The share of right answers, every class counting the same.', higherIsBetter: true, problems: CLASSES },
  F1: { name: 'F1', meaning: 'Balance of precision and recall for the second class in sorted order.', higherIsBetter: true, problems: ['BINARY'] },
  F1_MACRO: { name: 'F1 (macro)', meaning: 'Balance of precision and recall, every class counting the same.', higherIsBetter: true, problems: CLASSES },
  F1_WEIGHTED: { name: 'F1 (weighted)', meaning: 'Balance of precision and recall, frequent classes counting more.', higherIsBetter: true, problems: CLASSES },
  PRECISION_WEIGHTED: { name: 'Precision (weighted)', meaning: 'Of the rows given a class, the share that is right; frequent classes count more.', higherIsBetter: true, problems: CLASSES },
  RECALL_WEIGHTED: { name: 'Recall (weighted)', meaning: 'Of the rows of a class, the share that is found; frequent classes count more.', higherIsBetter: true, problems: CLASSES },
  PRECISION_MACRO: { name: 'Precision (macro)', meaning: 'Of the rows given a class, the share that is right; mean over classes.', higherIsBetter: true, problems: CLASSES },
  RECALL_MACRO: { name: 'Recall (macro)', meaning: 'Of the rows of a class, the share that is found; mean over classes.', higherIsBetter: true, problems: CLASSES },
  PR_AUC: { name: 'PR AUC', meaning: 'Precision over every level of recall; good when the class you look for is rare.', higherIsBetter: true, problems: CLASSES },
  BRIER: { name: 'Brier score', meaning: 'Mean squared distance of the probabilities from the truth. 0 is perfect.', higherIsBetter: false, problems: CLASSES },
  MCC: { name: 'Matthews correlation', meaning: 'Agreement of answers and truth: 0 is guessing, 1 is perfect. Fair for rare classes.', higherIsBetter: true, problems: CLASSES },
  RMSE: { name: 'RMSE', meaning: 'The typical error in units of the target; large errors weigh more.', higherIsBetter: false, problems: NUMBERS },
  MAE: { name: 'Mean absolute error', meaning: 'The mean error in units of the target.', higherIsBetter: false, problems: NUMBERS },
  MEDIAN_AE: { name: 'Median absolute error', meaning: 'Half of the errors are smaller than this.', higherIsBetter: false, problems: NUMBERS },
  R2: { name: 'R²', meaning: 'The share of the variation that is explained: 0 is the mean, 1 is perfect.', higherIsBetter: true, problems: NUMBERS },
  MAPE: { name: 'MAPE', meaning: 'The mean error as a share of the true value. Undefined when a target is 0.', higherIsBetter: false, problems: NUMBERS },
  RMSLE: { name: 'RMSLE', meaning: 'Error of the logarithm: ratios count, not differences. Undefined for negative targets.', higherIsBetter: false, problems: NUMBERS },
  PINBALL_05: { name: 'Pinball loss, 5th percentile', meaning: 'The model predicts a low value that 5% of such rows are below; 0 is perfect.', higherIsBetter: false, problems: NUMBERS },
  PINBALL_10: { name: 'Pinball loss, 10th percentile', meaning: 'The model predicts a low value that 10% of such rows are below; 0 is perfect.', higherIsBetter: false, problems: NUMBERS },
  PINBALL_25: { name: 'Pinball loss, 25th percentile', meaning: 'The model predicts a value that a quarter of such rows are below; 0 is perfect.', higherIsBetter: false, problems: NUMBERS },
  PINBALL_75: { name: 'Pinball loss, 75th percentile', meaning: 'The model predicts a value that three quarters of such rows are below; 0 is perfect.', higherIsBetter: false, problems: NUMBERS },
  PINBALL_90: { name: 'Pinball loss, 90th percentile', meaning: 'The model predicts a high value that 90% of such rows are below; 0 is perfect.', higherIsBetter: false, problems: NUMBERS },
  PINBALL_95: { name: 'Pinball loss, 95th percentile', meaning: 'The model predicts a high value that 95% of such rows are below; 0 is perfect.', higherIsBetter: false, problems: NUMBERS },
};

/** What a job optimises when nothing is chosen. */
export const DEFAULT_METRIC: Record<ProblemType, Metric> = { BINARY: 'ROC_AUC', MULTICLASS: 'LOG_LOSS', REGRESSION: 'RMSE' };

export function metricsFor(problem: ProblemType): Metric[] {
  return (Object.keys(METRICS) as Metric[]).filter((metric) => METRICS[metric].problems.includes(problem));
}

/** The name of a metric; a newer server's unknown one is shown as it is. */
export function metricName(metric: Metric): string {
  return (METRICS as Partial<Record<string, MetricWords>>)[metric]?.name ?? metric;
}
