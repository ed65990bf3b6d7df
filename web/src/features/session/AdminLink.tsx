import { useQuery } from '@apollo/client/react';
import { Link } from '@tanstack/react-router';
import { graphql } from '../../gql';
import { NAV_LINK } from '../../ui/navStyle';

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
    <Link to="/admin" {...NAV_LINK}>
      Admin
    </Link>
  );
}
