import { Link } from '@tanstack/react-router';
import { buttonClass } from '../ui/buttonStyle';
import { PageHeading } from '../ui/PageHeading';

/** For an address without a page, and for an object that does not exist (or is somebody else's). */
export function NotFound({ what = 'page' }: { what?: string }) {
  return (
    <div className="space-y-6">
      <PageHeading title={`There is no such ${what}`}>It may have been deleted, or the address is incomplete.</PageHeading>
      <Link to="/" className={buttonClass('primary')}>
        To the first page
      </Link>
    </div>
  );
}
