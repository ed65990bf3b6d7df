import { Link } from '@tanstack/react-router';

/** Tags that lead to the jobs that have them. */
export function TagLinks({ tags }: { tags: readonly string[] }) {
  return (
    <p className="flex flex-wrap gap-1.5">
      {tags.map((tag) => (
        <Link key={tag} to="/jobs" search={{ tag }} aria-label={`Jobs with the tag ${tag}`} className="max-w-full truncate rounded-full bg-sunken px-2 py-0.5 text-xs text-muted hover:text-ink">
          {tag}
        </Link>
      ))}
    </p>
  );
}
