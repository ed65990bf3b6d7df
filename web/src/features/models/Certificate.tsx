import { ShieldCheck } from 'lucide-react';
import { graphql, readFragment, type FragmentType } from '../../gql';
import { formatCounted, formatSentence } from '../../lib/format';
import { Callout } from '../../ui/Callout';

const CertificateModel = graphql(`
  fragment Certificate_model on Model {
    id
    onnxWithheld
    certificate {
      runtime
      sha256
      holdoutRows
      edgeRows
      largestDifference
      tolerance
    }
  }
`);

/** What was compared before an ONNX file is offered, or why none is. */
export function Certificate({ model }: { model: FragmentType<typeof CertificateModel> }) {
  const { certificate, onnxWithheld } = readFragment(CertificateModel, model);
  if (!certificate) {
    return (
      <Callout tone="warn" title="No ONNX file is offered">
        <p>{formatSentence(onnxWithheld ?? 'The server gave no reason.')}</p>
      </Callout>
    );
  }
  return (
    <div className="rounded-xl border border-line p-3">
      <p className="flex items-center gap-2 font-medium">
        <ShieldCheck aria-hidden className="size-4 shrink-0 text-good" />
        The ONNX file answers like the model
      </p>
      <p className="mt-1 text-muted">
        Compared in {certificate.runtime} on {formatCounted(certificate.holdoutRows, 'holdout row')} and {formatCounted(certificate.edgeRows, 'edge row')} (blank, unseen, extreme): the
        largest difference is {certificate.largestDifference.toExponential(1)}, allowed are {certificate.tolerance.toExponential(0)}.
      </p>
      <details className="mt-1 text-xs text-muted">
        <summary className="cursor-pointer">Checksum</summary>
        <code className="break-all">SHA-256 {certificate.sha256}</code>
      </details>
    </div>
  );
}
