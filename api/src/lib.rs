//! GraphQL and HTTP: the face of the platform.
