import { useAway } from '../../lib/connection';

/** Says that the server cannot be reached, for as long as that is so. */
export function ConnectionNotice() {
  const away = useAway();
  return (
    <div role="status" className="sticky top-0 z-20">
      {away ? (
        <p className="border-b border-line bg-warn-soft px-4 py-2 text-center text-warn">
          No connection to the server. What runs there goes on; this page catches up by itself.
        </p>
      ) : null}
    </div>
  );
}
