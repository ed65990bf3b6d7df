import { useState } from 'react';
import { graphql, readFragment, type FragmentType } from '../../gql';
import { formatCount, formatEvenPercent, formatScore } from '../../lib/format';
import { Button } from '../../ui/Button';
import { Card } from '../../ui/Card';
import { ClassCurves } from './ClassCurves';

const ClassesCardEvaluation = graphql(`
  fragment ClassesCard_evaluation on Evaluation {
    classReports {
      label
      precision
      recall
      f1
      support
    }
  }
`);

const FIRST = 12;

const share = (value: number | null) => (value === null ? '–' : formatEvenPercent(value));

/** How well each class is told from the others. */
export function ClassesCard({ evaluation, modelId }: { evaluation: FragmentType<typeof ClassesCardEvaluation>; modelId: string }) {
  const { classReports } = readFragment(ClassesCardEvaluation, evaluation);
  const [all, setAll] = useState(false);
  if (classReports.length === 0) return null;
  return (
    <Card title="Class by class" note="Precision: how many of the answers are right. Recall: how many of the class are found. F1: both in one number.">
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div role="region" aria-label="Figures of each class" tabIndex={0} className="overflow-x-auto">
        <table className="tabular w-full text-sm">
          <thead className="text-xs text-muted">
            <tr>
              <th scope="col" className="py-1.5 pr-3 text-left font-medium">
                Class
              </th>
              {['Precision', 'Recall', 'F1', 'Rows'].map((name) => (
                <th key={name} scope="col" className="py-1.5 pl-2 text-right sm:pl-3 font-medium">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody className="divide-y divide-line">
            {(all ? classReports : classReports.slice(0, FIRST)).map((one) => (
              <tr key={one.label}>
                <th scope="row" className="py-1.5 pr-3 text-left font-medium break-words">
                  {one.label}
                </th>
                <td className="pl-2 text-right sm:pl-3">{share(one.precision)}</td>
                <td className="pl-2 text-right sm:pl-3">{share(one.recall)}</td>
                <td className="pl-2 text-right sm:pl-3">{formatScore(one.f1)}</td>
                <td className="pl-2 text-right sm:pl-3">{formatCount(one.support)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {classReports.length > FIRST ? (
        <div className="mt-4">
          <Button size="small" onClick={() => setAll(!all)}>
            {all ? `Only the first ${FIRST}` : `All ${formatCount(classReports.length)} classes`}
          </Button>
        </div>
      ) : null}
      {/* Of two classes ThresholdCard has them. */}
      {classReports.length > 2 ? (
        <div className="mt-6">
          <ClassCurves modelId={modelId} />
        </div>
      ) : null}
    </Card>
  );
}
