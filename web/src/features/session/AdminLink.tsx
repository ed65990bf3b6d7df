import { useQuery } from '@apollo/client/react';
import { Link } from '@tanstack/react-router';
import { graphql } from '../../gql';

const AdminLinkQuery = graphql(`
  query AdminLink {
    viewer {
      id
      role
    }
  }
`);

/** The way to the administration, for those who may go there. */
export function AdminLink() {
  const { data } = useQuery(AdminLinkQuery);
  if (data?.viewer?.role !== 'ADMIN') return null;
  return (
    <Link to="/admin" className="rounded-lg px-2 py-2 text-muted hover:text-ink">
      Admin
    </Link>
  );
}
