import { graphql } from '../../gql';

export const CreateUpload = graphql(`
  mutation CreateUpload($input: CreateUploadInput!) {
    createUpload(input: $input) {
      upload {
        id
        method
        url
        partSizeBytes
      }
      userErrors {
        message
      }
    }
  }
`);

/** How far an upload is, to go on with it. */
export const UploadProgressQuery = graphql(`
  query UploadProgress($id: ID!) {
    upload(id: $id) {
      id
      method
      url
      partSizeBytes
      receivedBytes
      sizeBytes
      parts {
        number
      }
    }
  }
`);

/** Signed anew each time: never from the cache. */
export const UploadForm = graphql(`
  query UploadForm($id: ID!) {
    upload(id: $id) {
      id
      url
      formFields {
        name
        value
      }
    }
  }
`);

export const SignUploadParts = graphql(`
  mutation SignUploadParts($input: SignUploadPartsInput!) {
    signUploadParts(input: $input) {
      links {
        number
        url
      }
      userErrors {
        message
      }
    }
  }
`);

export const CompleteUpload = graphql(`
  mutation CompleteUpload($input: CompleteUploadInput!) {
    completeUpload(input: $input) {
      dataset {
        id
        name
        state
        version
      }
      userErrors {
        message
      }
    }
  }
`);

export const CancelUpload = graphql(`
  mutation CancelUpload($input: CancelUploadInput!) {
    cancelUpload(input: $input) {
      cancelledUploadId
      userErrors {
        message
      }
    }
  }
`);
