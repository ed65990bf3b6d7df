/* eslint-disable */
import * as types from './graphql';
import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';

/**
 * Map of all GraphQL operations in the project.
 *
 * This map has several performance disadvantages:
 * 1. It is not tree-shakeable, so it will include all operations in the project.
 * 2. It is not minifiable, so the string of a GraphQL query will be multiple times inside the bundle.
 * 3. It does not support dead code elimination, so it will add unused operations.
 *
 * Therefore it is highly recommended to use the babel or swc plugin for production.
 * Learn more about it here: https://the-guild.dev/graphql/codegen/plugins/presets/preset-client#reducing-bundle-size
 */
type Documents = {
    "\n  fragment AdminJobList_jobs on JobConnection {\n    edges {\n      node {\n        id\n        name\n        state\n        version\n        target\n        error\n        metric\n        createdAt\n        owner {\n          id\n          name\n        }\n        cost {\n          computeSeconds\n          amount\n          currency\n        }\n        progress {\n          trialsFinished\n          bestScore\n        }\n      }\n    }\n  }\n": typeof types.AdminJobList_JobsFragmentDoc,
    "\n  mutation CancelAnyJob($input: CancelAnyJobInput!) {\n    cancelAnyJob(input: $input) {\n      job {\n        id\n        state\n        version\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": typeof types.CancelAnyJobDocument,
    "\n  fragment AuditList_entries on AuditEntryConnection {\n    edges {\n      node {\n        id\n        number\n        at\n        action\n        actorKind\n        subjectKind\n        subject\n        reason\n        before\n        after\n        address\n        actor {\n          id\n          name\n        }\n      }\n    }\n  }\n": typeof types.AuditList_EntriesFragmentDoc,
    "\n  fragment DeadTasksCard_tasks on TaskConnection {\n    edges {\n      node {\n        id\n        kind\n        error\n        failures\n        crashes\n        updatedAt\n        owner {\n          id\n          name\n        }\n        job {\n          id\n          name\n        }\n      }\n    }\n  }\n": typeof types.DeadTasksCard_TasksFragmentDoc,
    "\n  mutation RequeueTask($input: RequeueTaskInput!) {\n    requeueTask(input: $input) {\n      userErrors {\n        message\n      }\n    }\n  }\n": typeof types.RequeueTaskDocument,
    "\n  mutation PurgeDeadTasks($input: PurgeDeadTasksInput!) {\n    purgeDeadTasks(input: $input) {\n      purgedCount\n      userErrors {\n        message\n      }\n    }\n  }\n": typeof types.PurgeDeadTasksDocument,
    "\n  fragment PeopleList_users on UserConnection {\n    edges {\n      node {\n        id\n        name\n        email\n        role\n        suspendedAt\n        createdAt\n        quotas {\n          unfinishedJobs {\n            used\n          }\n        }\n        ...PersonDetails_user\n      }\n    }\n  }\n": typeof types.PeopleList_UsersFragmentDoc,
    "\n  fragment PeopleList_limits on ServerLimits {\n    ...PersonDetails_limits\n  }\n": typeof types.PeopleList_LimitsFragmentDoc,
    "\n  mutation SuspendUser($input: SuspendUserInput!) {\n    suspendUser(input: $input) {\n      user {\n        id\n        suspendedAt\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": typeof types.SuspendUserDocument,
    "\n  mutation RestoreUser($input: RestoreUserInput!) {\n    restoreUser(input: $input) {\n      user {\n        id\n        suspendedAt\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": typeof types.RestoreUserDocument,
    "\n  mutation SetUserRole($input: SetUserRoleInput!) {\n    setUserRole(input: $input) {\n      user {\n        id\n        role\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": typeof types.SetUserRoleDocument,
    "\n  mutation RevokeUserSessions($input: RevokeUserSessionsInput!) {\n    revokeUserSessions(input: $input) {\n      userErrors {\n        message\n      }\n    }\n  }\n": typeof types.RevokeUserSessionsDocument,
    "\n  fragment PersonDetails_user on User {\n    id\n    name\n    quotas {\n      ...QuotaList_quotas\n      ...QuotaDialog_quotas\n    }\n  }\n": typeof types.PersonDetails_UserFragmentDoc,
    "\n  fragment PersonDetails_limits on ServerLimits {\n    ...QuotaDialog_limits\n  }\n": typeof types.PersonDetails_LimitsFragmentDoc,
    "\n  mutation ClaimDefaultData($input: ClaimDefaultDataInput!) {\n    claimDefaultData(input: $input) {\n      claimedRows\n      userErrors {\n        message\n      }\n    }\n  }\n": typeof types.ClaimDefaultDataDocument,
    "\n  fragment QueueCard_queue on TaskQueue {\n    queued\n    running\n    dead\n    oldestQueuedAt\n    isPaused\n    workers\n    slots\n    version\n    byKind {\n      kind\n      queued\n      running\n    }\n    pauses {\n      kind\n      capability\n      reason\n      pausedAt\n    }\n  }\n": typeof types.QueueCard_QueueFragmentDoc,
    "\n  mutation PauseQueue($input: PauseQueueInput!) {\n    pauseQueue(input: $input) {\n      userErrors {\n        message\n      }\n    }\n  }\n": typeof types.PauseQueueDocument,
    "\n  mutation ResumeQueue($input: ResumeQueueInput!) {\n    resumeQueue(input: $input) {\n      userErrors {\n        message\n      }\n    }\n  }\n": typeof types.ResumeQueueDocument,
    "\n  fragment QuotaDialog_quotas on Quotas {\n    unfinishedJobs {\n      limit\n    }\n    jobsPerDay {\n      limit\n    }\n    computeSecondsPerDay {\n      limit\n    }\n    storedBytes {\n      limit\n    }\n    jobBudgetSeconds {\n      limit\n    }\n  }\n": typeof types.QuotaDialog_QuotasFragmentDoc,
    "\n  fragment QuotaDialog_limits on ServerLimits {\n    unfinishedJobs\n    jobsPerDay\n    computeSecondsPerDay\n    storedBytes\n    jobBudgetSeconds\n  }\n": typeof types.QuotaDialog_LimitsFragmentDoc,
    "\n  mutation SetUserQuota($input: SetUserQuotaInput!) {\n    setUserQuota(input: $input) {\n      user {\n        id\n        quotas {\n          ...QuotaList_quotas\n        }\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": typeof types.SetUserQuotaDocument,
    "\n  fragment ServerLimitsCard_limits on ServerLimits {\n    unfinishedJobs\n    jobsPerDay\n    computeSecondsPerDay\n    storedBytes\n    jobBudgetSeconds\n    uploadBytes\n    pricePerHour\n    currency\n  }\n": typeof types.ServerLimitsCard_LimitsFragmentDoc,
    "\n  fragment WorkersCard_workers on WorkerConnection {\n    edges {\n      node {\n        id\n        name\n        host\n        version\n        device\n        slots\n        threads\n        memoryBytes\n        seenAt\n        startedAt\n        isDraining\n        tasks {\n          id\n          kind\n          job {\n            id\n            name\n          }\n        }\n      }\n    }\n  }\n": typeof types.WorkersCard_WorkersFragmentDoc,
    "\n  mutation DrainWorker($input: DrainWorkerInput!) {\n    drainWorker(input: $input) {\n      worker {\n        id\n        isDraining\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": typeof types.DrainWorkerDocument,
    "\n  mutation TakeTask($input: RequeueTaskInput!) {\n    requeueTask(input: $input) {\n      userErrors {\n        message\n      }\n    }\n  }\n": typeof types.TakeTaskDocument,
    "\n  fragment BatchCard_batch on BatchPrediction {\n    id\n    version\n    fileName\n    sizeBytes\n    state\n    error\n    createdAt\n    progress {\n      rowsDone\n      rowsInError\n      share\n    }\n    ...BatchReport_batch\n  }\n": typeof types.BatchCard_BatchFragmentDoc,
    "\n  query BatchLinks($id: ID!) {\n    node(id: $id) {\n      __typename\n      ... on BatchPrediction {\n        id\n        downloads {\n          format\n          fileName\n          url\n        }\n      }\n    }\n  }\n": typeof types.BatchLinksDocument,
    "\n  mutation CancelBatchPrediction($input: CancelBatchPredictionInput!) {\n    cancelBatchPrediction(input: $input) {\n      userErrors {\n        message\n      }\n    }\n  }\n": typeof types.CancelBatchPredictionDocument,
    "\n  mutation DeleteBatchPrediction($input: DeleteBatchPredictionInput!) {\n    deleteBatchPrediction(input: $input) {\n      userErrors {\n        message\n      }\n    }\n  }\n": typeof types.DeleteBatchPredictionDocument,
    "\n  fragment BatchLive_version on BatchPrediction {\n    id\n    version\n  }\n": typeof types.BatchLive_VersionFragmentDoc,
    "\n  subscription BatchUpdated($id: ID!) {\n    batchPredictionUpdated(id: $id) {\n      ...BatchLive_version\n      id\n      state\n      error\n      progress {\n        rowsDone\n        rowsInError\n        share\n      }\n    }\n  }\n": typeof types.BatchUpdatedDocument,
    "\n  fragment BatchReport_batch on BatchPrediction {\n    id\n    report {\n      rows\n      rowsInError\n      warnings\n      rowErrors {\n        row\n        column\n        message\n      }\n      evaluationAbsent\n      evaluation {\n        rows\n        metrics {\n          metric\n          value\n          holdout\n        }\n      }\n      drift {\n        absent\n        columns {\n          column\n          psi\n          level\n          absent\n          missingShare\n          trainingMissingShare\n        }\n      }\n    }\n  }\n": typeof types.BatchReport_BatchFragmentDoc,
    "\n  mutation CreateBatchPrediction($input: CreateBatchPredictionInput!) {\n    createBatchPrediction(input: $input) {\n      batchPrediction {\n        id\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": typeof types.CreateBatchPredictionDocument,
    "\n  fragment RocOverlay_jobs on JobComparison {\n    jobs {\n      id\n      name\n      model {\n        id\n        evaluation {\n          roc {\n            x\n            y\n          }\n        }\n      }\n    }\n  }\n": typeof types.RocOverlay_JobsFragmentDoc,
    "\n  fragment AssociationsCard_profile on DatasetProfile {\n    associations {\n      left\n      right\n      value\n      measuredBy\n    }\n  }\n": typeof types.AssociationsCard_ProfileFragmentDoc,
    "\n  fragment ColumnPanel_column on ColumnProfile {\n    name\n    evidence\n    missing\n    distinct\n    min\n    max\n    mean\n    sd\n    median\n    quantiles\n    outliers\n    topValues {\n      value\n      count\n    }\n    histogram {\n      from\n      to\n      count\n    }\n    samples\n  }\n": typeof types.ColumnPanel_ColumnFragmentDoc,
    "\n  fragment ColumnSummary_column on ColumnProfile {\n    name\n    min\n    max\n    topValues {\n      value\n      count\n    }\n    histogram {\n      from\n      to\n      count\n    }\n    samples\n  }\n": typeof types.ColumnSummary_ColumnFragmentDoc,
    "\n  fragment ColumnTable_profile on DatasetProfile {\n    rows\n    columns {\n      name\n      role\n      valueKind\n      missing\n      warnings\n    }\n  }\n": typeof types.ColumnTable_ProfileFragmentDoc,
    "\n  fragment DatasetFacts_profile on DatasetProfile {\n    rows\n    sampledRows\n    duplicateRows\n    warnings\n    format {\n      type\n      delimiter\n      textEncoding\n      header\n      compressedBy\n    }\n    columns {\n      missing\n    }\n  }\n": typeof types.DatasetFacts_ProfileFragmentDoc,
    "\n  fragment DatasetHeading_dataset on Dataset {\n    id\n    name\n    fileName\n    sizeBytes\n    state\n    version\n    jobs(first: 1) {\n      totalCount\n    }\n  }\n": typeof types.DatasetHeading_DatasetFragmentDoc,
    "\n  mutation RenameDataset($input: RenameDatasetInput!) {\n    renameDataset(input: $input) {\n      dataset {\n        id\n        name\n        version\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": typeof types.RenameDatasetDocument,
    "\n  mutation RemoveDataset($input: DeleteDatasetInput!) {\n    deleteDataset(input: $input) {\n      deletedId\n      userErrors {\n        message\n      }\n    }\n  }\n": typeof types.RemoveDatasetDocument,
    "\n  fragment DatasetList_datasets on DatasetConnection {\n    edges {\n      node {\n        id\n        name\n        state\n        sizeBytes\n        createdAt\n        profile {\n          rows\n        }\n      }\n    }\n  }\n": typeof types.DatasetList_DatasetsFragmentDoc,
    "\n  mutation DeleteDataset($input: DeleteDatasetInput!) {\n    deleteDataset(input: $input) {\n      deletedId\n      userErrors {\n        message\n      }\n    }\n  }\n": typeof types.DeleteDatasetDocument,
    "\n  subscription DatasetUpdated($id: ID!) {\n    datasetUpdated(id: $id) {\n      id\n      state\n      error\n      version\n    }\n  }\n": typeof types.DatasetUpdatedDocument,
    "\n  query DatasetPreview($id: ID!, $columns: [String!]!) {\n    node(id: $id) {\n      __typename\n      ... on Dataset {\n        id\n        profile {\n          preview(columns: $columns)\n        }\n      }\n    }\n  }\n": typeof types.DatasetPreviewDocument,
    "\n  query DatasetReport($id: ID!) {\n    node(id: $id) {\n      __typename\n      ... on Dataset {\n        id\n        report {\n          fileName\n          url\n        }\n      }\n    }\n  }\n": typeof types.DatasetReportDocument,
    "\n  fragment SampleList_info on ServerInfo {\n    samples {\n      key\n      title\n      description\n      target\n      rows\n    }\n  }\n": typeof types.SampleList_InfoFragmentDoc,
    "\n  mutation CreateSample($input: CreateSampleDatasetInput!) {\n    createSampleDataset(input: $input) {\n      dataset {\n        id\n        name\n        state\n        version\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": typeof types.CreateSampleDocument,
    "\n  fragment TargetPicker_profile on DatasetProfile {\n    rows\n    columns {\n      name\n      role\n      missing\n    }\n  }\n": typeof types.TargetPicker_ProfileFragmentDoc,
    "\n  fragment TargetValues_column on ColumnProfile {\n    name\n    missing\n    distinct\n    mean\n    median\n    sd\n    topValues {\n      value\n      count\n    }\n    histogram {\n      from\n      to\n      count\n    }\n    asTarget {\n      ambiguous\n    }\n  }\n": typeof types.TargetValues_ColumnFragmentDoc,
    "\n  query ColumnDetails($id: ID!, $names: [String!]) {\n    node(id: $id) {\n      __typename\n      ... on Dataset {\n        id\n        profile {\n          columns(names: $names) {\n            name\n            evidence\n            distinct\n            mean\n            median\n            ...ColumnSummary_column\n            ...ColumnPanel_column\n            ...TargetValues_column\n          }\n        }\n      }\n    }\n  }\n": typeof types.ColumnDetailsDocument,
    "\n  query TargetAdvice($id: ID!) {\n    node(id: $id) {\n      __typename\n      ... on Dataset {\n        id\n        profile {\n          columns {\n            asTarget {\n              usable\n              problem\n              reason\n            }\n          }\n        }\n      }\n    }\n  }\n": typeof types.TargetAdviceDocument,
    "\n  mutation CancelJobs($input: CancelJobsInput!) {\n    cancelJobs(input: $input) {\n      outcomes {\n        jobId\n        job {\n          id\n          state\n          version\n        }\n        userErrors {\n          message\n        }\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": typeof types.CancelJobsDocument,
    "\n  mutation DeleteJobs($input: DeleteJobsInput!) {\n    deleteJobs(input: $input) {\n      outcomes {\n        jobId\n        userErrors {\n          message\n        }\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": typeof types.DeleteJobsDocument,
    "\n  mutation TagJobs($input: TagJobsInput!) {\n    tagJobs(input: $input) {\n      outcomes {\n        jobId\n        job {\n          id\n          version\n          tags\n        }\n        userErrors {\n          message\n        }\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": typeof types.TagJobsDocument,
    "\n  fragment HistoryList_jobs on JobConnection {\n    edges {\n      node {\n        id\n        name\n        state\n        version\n        target\n        metric\n        score\n        tags\n        annotation\n        createdAt\n        dataset {\n          id\n          name\n        }\n      }\n    }\n  }\n": typeof types.HistoryList_JobsFragmentDoc,
    "\n  fragment AskedFacts_settings on JobSettings {\n    roles {\n      column\n      role\n    }\n    validation {\n      kind\n      folds\n      column\n    }\n    weightColumn\n    threshold {\n      goal\n      atLeast\n    }\n    monotone {\n      column\n      direction\n    }\n    maxLatencyMilliseconds\n  }\n": typeof types.AskedFacts_SettingsFragmentDoc,
    "\n  query AskedSettings($id: ID!) {\n    node(id: $id) {\n      __typename\n      ... on Job {\n        id\n        settings {\n          ...AskedFacts_settings\n        }\n      }\n    }\n  }\n": typeof types.AskedSettingsDocument,
    "\n  fragment BestSoFar_job on Job {\n    id\n    metric\n    higherIsBetter\n    startedAt\n  }\n": typeof types.BestSoFar_JobFragmentDoc,
    "\n  fragment CloneJob_job on Job {\n    id\n    problem\n    metric\n    settings {\n      budgetSeconds\n      preset\n      seed\n    }\n  }\n": typeof types.CloneJob_JobFragmentDoc,
    "\n  mutation CloneJob($input: CloneJobInput!) {\n    cloneJob(input: $input) {\n      job {\n        id\n        name\n        state\n        version\n      }\n      userErrors {\n        message\n        field\n      }\n    }\n  }\n": typeof types.CloneJobDocument,
    "\n  query ColumnEvidence($id: ID!) {\n    node(id: $id) {\n      __typename\n      ... on Dataset {\n        id\n        profile {\n          columns {\n            name\n            evidence\n          }\n        }\n      }\n    }\n  }\n": typeof types.ColumnEvidenceDocument,
    "\n  fragment ConfigureForm_dataset on Dataset {\n    id\n    profile {\n      rows\n      columns {\n        name\n        role\n        valueKind\n        missing\n        distinct\n      }\n    }\n  }\n": typeof types.ConfigureForm_DatasetFragmentDoc,
    "\n  mutation CreateJob($input: CreateJobInput!) {\n    createJob(input: $input) {\n      job {\n        id\n        name\n        state\n        version\n      }\n      userErrors {\n        message\n        field\n      }\n    }\n  }\n": typeof types.CreateJobDocument,
    "\n  fragment ExtendJob_job on Job {\n    id\n    state\n    version\n    settings {\n      budgetSeconds\n    }\n    progress {\n      secondsElapsed\n    }\n  }\n": typeof types.ExtendJob_JobFragmentDoc,
    "\n  mutation ExtendJob($input: ExtendJobInput!) {\n    extendJob(input: $input) {\n      job {\n        ...ExtendJob_job\n        ...JobActions_job\n        ...StepTimeline_job\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": typeof types.ExtendJobDocument,
    "\n  fragment JobActions_job on Job {\n    id\n    name\n    state\n    version\n    progress {\n      trialsFinished\n    }\n  }\n": typeof types.JobActions_JobFragmentDoc,
    "\n  mutation CancelJob($input: CancelJobInput!) {\n    cancelJob(input: $input) {\n      job {\n        ...JobActions_job\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": typeof types.CancelJobDocument,
    "\n  mutation FinishJob($input: FinishJobInput!) {\n    finishJob(input: $input) {\n      job {\n        ...JobActions_job\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": typeof types.FinishJobDocument,
    "\n  mutation DeleteJob($input: DeleteJobInput!) {\n    deleteJob(input: $input) {\n      deletedId\n      userErrors {\n        message\n      }\n    }\n  }\n": typeof types.DeleteJobDocument,
    "\n  fragment JobList_jobs on JobConnection {\n    edges {\n      node {\n        id\n        name\n        state\n        version\n        target\n        metric\n        score\n        createdAt\n        progress {\n          trialsFinished\n          bestScore\n        }\n        dataset {\n          id\n          name\n        }\n      }\n    }\n  }\n": typeof types.JobList_JobsFragmentDoc,
    "\n  fragment JobLive_version on Job {\n    id\n    version\n    state\n  }\n": typeof types.JobLive_VersionFragmentDoc,
    "\n  fragment JobLive_job on Job {\n    ...JobLive_version\n    error\n    notes\n    ...JobActions_job\n    ...StepTimeline_job\n    ...JobProgressCard_job\n    ...BestSoFar_job\n    ...Leaderboard_job\n    ...SettingsCard_job\n    ...ExtendJob_job\n    ...CloneJob_job\n    ...JobLog_job\n  }\n": typeof types.JobLive_JobFragmentDoc,
    "\n  subscription JobUpdated($id: ID!) {\n    jobUpdated(id: $id) {\n      ...JobLive_job\n    }\n  }\n": typeof types.JobUpdatedDocument,
    "\n  fragment JobLog_job on Job {\n    id\n    createdAt\n    higherIsBetter\n    steps {\n      name\n      state\n      startedAt\n      finishedAt\n    }\n  }\n": typeof types.JobLog_JobFragmentDoc,
    "\n  fragment JobProgressCard_job on Job {\n    id\n    state\n    metric\n    settings {\n      budgetSeconds\n    }\n    progress {\n      trialsFinished\n      trialsRunning\n      trialsFailed\n      bestScore\n      bestTrial\n      secondsElapsed\n      secondsLeft\n    }\n  }\n": typeof types.JobProgressCard_JobFragmentDoc,
    "\n  fragment Leaderboard_job on Job {\n    id\n    metric\n    higherIsBetter\n  }\n": typeof types.Leaderboard_JobFragmentDoc,
    "\n  fragment Leaderboard_model on Model {\n    id\n    members {\n      name\n      weight\n    }\n  }\n": typeof types.Leaderboard_ModelFragmentDoc,
    "\n  fragment NotesCard_job on Job {\n    id\n    version\n    tags\n    annotation\n  }\n": typeof types.NotesCard_JobFragmentDoc,
    "\n  mutation TagJob($input: TagJobsInput!) {\n    tagJobs(input: $input) {\n      outcomes {\n        jobId\n        job {\n          ...NotesCard_job\n        }\n        userErrors {\n          message\n        }\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": typeof types.TagJobDocument,
    "\n  mutation AnnotateJob($input: AnnotateJobInput!) {\n    annotateJob(input: $input) {\n      job {\n        ...NotesCard_job\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": typeof types.AnnotateJobDocument,
    "\n  mutation RetryJob($input: RetryJobInput!) {\n    retryJob(input: $input) {\n      job {\n        error\n        ...JobActions_job\n        ...StepTimeline_job\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": typeof types.RetryJobDocument,
    "\n  fragment SettingsCard_job on Job {\n    id\n    problem\n    metric\n    finishedAt\n    cost {\n      computeSeconds\n      amount\n      currency\n    }\n    progress {\n      secondsElapsed\n    }\n    settings {\n      budgetSeconds\n      preset\n      seed\n      exclude\n      gpu\n    }\n  }\n": typeof types.SettingsCard_JobFragmentDoc,
    "\n  fragment StepTimeline_job on Job {\n    id\n    steps {\n      name\n      state\n      startedAt\n      finishedAt\n      error\n      attempts\n      retryAt\n    }\n  }\n": typeof types.StepTimeline_JobFragmentDoc,
    "\n  query TrialDialog($id: ID!) {\n    node(id: $id) {\n      __typename\n      ... on Trial {\n        id\n        number\n        name\n        learner\n        state\n        error\n        device\n        notes\n        parameters\n        score\n        scoreSd\n        foldScores\n        fitSeconds\n        predictMicrosecondsPerRow\n        rounds\n        stopReason\n        curve {\n          round\n          loss\n        }\n      }\n    }\n  }\n": typeof types.TrialDialogDocument,
    "\n  query Ensembles($job: ID!) {\n    node(id: $job) {\n      __typename\n      ... on Job {\n        id\n        leaderboard(kinds: [ENSEMBLE, ALTERNATIVE]) {\n          kind\n          name\n          score\n        }\n      }\n    }\n  }\n": typeof types.EnsemblesDocument,
    "\n  query JobEstimate($input: CreateJobInput!) {\n    jobEstimate(input: $input) {\n      forecast {\n        trainingRows\n        holdoutRows\n        folds\n        trials {\n          low\n          high\n        }\n        seconds {\n          low\n          high\n        }\n        memoryBytes {\n          low\n          high\n        }\n        measured\n        learners {\n          title\n        }\n        notes\n      }\n      userErrors {\n        message\n        field\n      }\n    }\n  }\n": typeof types.JobEstimateDocument,
    "\n  fragment UseTrials_trial on Trial {\n    id\n    number\n    name\n    learner\n    state\n    error\n    version\n    score\n    scoreSd\n    fitSeconds\n    startedAt\n    finishedAt\n  }\n": typeof types.UseTrials_TrialFragmentDoc,
    "\n  fragment UseTrials_live on Trial {\n    id\n    number\n    name\n    learner\n    state\n    error\n    version\n    score\n    scoreSd\n    fitSeconds\n    startedAt\n    finishedAt\n    curve {\n      round\n      loss\n    }\n  }\n": typeof types.UseTrials_LiveFragmentDoc,
    "\n  query Trials($job: ID!, $after: String, $orderBy: TrialOrder) {\n    node(id: $job) {\n      __typename\n      ... on Job {\n        id\n        trials(first: 100, after: $after, orderBy: $orderBy) {\n          edges {\n            node {\n              ...UseTrials_trial\n            }\n          }\n          pageInfo {\n            hasNextPage\n            endCursor\n          }\n        }\n      }\n    }\n  }\n": typeof types.TrialsDocument,
    "\n  query RunningTrials($job: ID!, $filter: TrialFilter) {\n    node(id: $job) {\n      __typename\n      ... on Job {\n        id\n        trials(first: 8, filter: $filter) {\n          edges {\n            node {\n              ...UseTrials_live\n            }\n          }\n        }\n      }\n    }\n  }\n": typeof types.RunningTrialsDocument,
    "\n  subscription TrialUpdated($job: ID!) {\n    trialUpdated(jobId: $job) {\n      ...UseTrials_live\n    }\n  }\n": typeof types.TrialUpdatedDocument,
    "\n  fragment AttributionCard_evaluation on Evaluation {\n    attributionRows\n    attribution {\n      column\n      meanAbsolute\n    }\n  }\n": typeof types.AttributionCard_EvaluationFragmentDoc,
    "\n  fragment CalibrationCard_evaluation on Evaluation {\n    calibration {\n      predicted\n      actual\n      count\n    }\n  }\n": typeof types.CalibrationCard_EvaluationFragmentDoc,
    "\n  fragment Certificate_model on Model {\n    id\n    onnxWithheld\n    certificate {\n      runtime\n      sha256\n      holdoutRows\n      edgeRows\n      largestDifference\n      tolerance\n    }\n  }\n": typeof types.Certificate_ModelFragmentDoc,
    "\n  query ClassCurves($model: ID!) {\n    node(id: $model) {\n      __typename\n      ... on Model {\n        id\n        evaluation {\n          classReports {\n            label\n            rocAuc\n            prAuc\n            cuts {\n              threshold\n              truePositives\n              falsePositives\n              positives\n              negatives\n            }\n          }\n        }\n      }\n    }\n  }\n": typeof types.ClassCurvesDocument,
    "\n  fragment ClassesCard_evaluation on Evaluation {\n    classReports {\n      label\n      precision\n      recall\n      f1\n      support\n    }\n  }\n": typeof types.ClassesCard_EvaluationFragmentDoc,
    "\n  fragment ConfusionCard_evaluation on Evaluation {\n    confusion {\n      labels\n      counts\n    }\n  }\n": typeof types.ConfusionCard_EvaluationFragmentDoc,
    "\n  fragment DecisionsCard_evaluation on Evaluation {\n    calibrationDecision {\n      isKept\n      holdoutBefore\n      holdoutAfter\n      reason\n    }\n    threshold {\n      threshold\n      precision\n      recall\n      reason\n    }\n    latency {\n      milliseconds\n      limitMilliseconds\n      nothingFits\n    }\n    coverage {\n      level\n      coverage\n      size\n      rows\n    }\n  }\n": typeof types.DecisionsCard_EvaluationFragmentDoc,
    "\n  fragment DependenceCard_evaluation on Evaluation {\n    dependence {\n      column\n      classes\n      rows\n      lines\n      points {\n        value\n        label\n        means\n      }\n    }\n  }\n": typeof types.DependenceCard_EvaluationFragmentDoc,
    "\n  fragment DeployCard_model on Model {\n    id\n    name\n    deployed\n    deployable\n    ...Certificate_model\n  }\n": typeof types.DeployCard_ModelFragmentDoc,
    "\n  fragment DownloadsCard_model on Model {\n    id\n    downloads {\n      kind\n      fileName\n      sizeBytes\n    }\n  }\n": typeof types.DownloadsCard_ModelFragmentDoc,
    "\n  query DownloadLinks($model: ID!) {\n    node(id: $model) {\n      __typename\n      ... on Model {\n        id\n        downloads {\n          kind\n          fileName\n          url\n        }\n      }\n    }\n  }\n": typeof types.DownloadLinksDocument,
    "\n  fragment ErrorsCard_evaluation on Evaluation {\n    residuals {\n      from\n      to\n      count\n    }\n    errorBands {\n      from\n      to\n      count\n      meanError\n      meanAbsoluteError\n    }\n  }\n": typeof types.ErrorsCard_EvaluationFragmentDoc,
    "\n  fragment ImportanceCard_evaluation on Evaluation {\n    importance {\n      column\n      importance\n      sd\n    }\n  }\n": typeof types.ImportanceCard_EvaluationFragmentDoc,
    "\n  fragment MetricsCard_evaluation on Evaluation {\n    metrics {\n      metric\n      value\n      higherIsBetter\n    }\n  }\n": typeof types.MetricsCard_EvaluationFragmentDoc,
    "\n  query Results($id: ID!) {\n    node(id: $id) {\n      __typename\n      ... on Model {\n        id\n        target\n        classes\n        ...ScoreCard_model\n        ...DeployCard_model\n        ...DownloadsCard_model\n        evaluation {\n          ...MetricsCard_evaluation\n          ...ConfusionCard_evaluation\n          ...RocCard_evaluation\n          ...ThresholdCard_evaluation\n          ...CalibrationCard_evaluation\n          ...ClassesCard_evaluation\n          ...ErrorsCard_evaluation\n          ...PredictedActualCard_evaluation\n          ...ImportanceCard_evaluation\n          ...AttributionCard_evaluation\n          ...DependenceCard_evaluation\n          ...DecisionsCard_evaluation\n        }\n      }\n    }\n  }\n": typeof types.ResultsDocument,
    "\n  fragment PredictForm_model on Model {\n    id\n    target\n    problem\n    inputs {\n      name\n      kind\n      min\n      max\n      examples\n      typical\n    }\n    evaluation {\n      coverage {\n        level\n      }\n      importance {\n        column\n        importance\n      }\n    }\n  }\n": typeof types.PredictForm_ModelFragmentDoc,
    "\n  fragment PredictedActualCard_evaluation on Evaluation {\n    predictedActual {\n      x\n      y\n    }\n  }\n": typeof types.PredictedActualCard_EvaluationFragmentDoc,
    "\n  fragment RocCard_evaluation on Evaluation {\n    roc {\n      x\n      y\n    }\n    cuts {\n      threshold\n    }\n    metrics {\n      metric\n      value\n    }\n  }\n": typeof types.RocCard_EvaluationFragmentDoc,
    "\n  fragment ScoreCard_model on Model {\n    id\n    target\n    members {\n      name\n      weight\n    }\n    evaluation {\n      metric\n      holdoutRows\n      score\n      low\n      high\n      baseline\n      isBetterThanBaseline\n      summary\n    }\n  }\n": typeof types.ScoreCard_ModelFragmentDoc,
    "\n  fragment ThresholdCard_evaluation on Evaluation {\n    threshold {\n      threshold\n    }\n    cuts {\n      threshold\n      truePositives\n      falsePositives\n      positives\n      negatives\n    }\n    metrics {\n      metric\n      value\n    }\n  }\n": typeof types.ThresholdCard_EvaluationFragmentDoc,
    "\n  mutation Predict($input: PredictInput!) {\n    predict(input: $input) {\n      predictions {\n        label\n        value\n        probability\n        probabilities {\n          label\n          probability\n        }\n        interval {\n          low\n          high\n        }\n        labelSet\n        contributions {\n          label\n          base\n          columns {\n            column\n            value\n          }\n        }\n        warnings {\n          kind\n          column\n          message\n        }\n      }\n      inferenceMicroseconds\n      userErrors {\n        message\n      }\n    }\n  }\n": typeof types.PredictDocument,
    "\n  mutation DeployModel($input: DeployModelInput!) {\n    deployModel(input: $input) {\n      model {\n        id\n        deployed\n        deployable\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": typeof types.DeployModelDocument,
    "\n  mutation UndeployModel($input: UndeployModelInput!) {\n    undeployModel(input: $input) {\n      model {\n        id\n        deployed\n        deployable\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": typeof types.UndeployModelDocument,
    "\n  fragment QuotaList_quotas on Quotas {\n    unfinishedJobs {\n      limit\n      used\n      resetsAt\n    }\n    jobsPerDay {\n      limit\n      used\n      resetsAt\n    }\n    computeSecondsPerDay {\n      limit\n      used\n      resetsAt\n    }\n    storedBytes {\n      limit\n      used\n      resetsAt\n    }\n    jobBudgetSeconds {\n      limit\n      used\n      resetsAt\n    }\n  }\n": typeof types.QuotaList_QuotasFragmentDoc,
    "\n  fragment AliasList_registered on RegisteredModel {\n    id\n    name\n    aliases {\n      alias\n      version\n      previousVersion\n      changedAt\n    }\n  }\n": typeof types.AliasList_RegisteredFragmentDoc,
    "\n  mutation RollBackModel($input: RollBackModelInput!) {\n    rollBackModel(input: $input) {\n      registeredModel {\n        id\n        ...AliasList_registered\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": typeof types.RollBackModelDocument,
    "\n  query AskByAlias($model: ID!) {\n    node(id: $model) {\n      __typename\n      ... on Model {\n        id\n        exampleRow\n      }\n    }\n  }\n": typeof types.AskByAliasDocument,
    "\n  mutation PromoteModel($input: PromoteModelInput!) {\n    promoteModel(input: $input) {\n      registeredModel {\n        id\n        ...AliasList_registered\n      }\n      userErrors {\n        message\n        field\n      }\n    }\n  }\n": typeof types.PromoteModelDocument,
    "\n  query RegisteredNames {\n    registeredModels(first: 100) {\n      edges {\n        node {\n          id\n          name\n        }\n      }\n    }\n  }\n": typeof types.RegisteredNamesDocument,
    "\n  mutation RegisterModel($input: RegisterModelInput!) {\n    registerModel(input: $input) {\n      registeredModel {\n        id\n        name\n        versions {\n          number\n          model {\n            id\n          }\n        }\n      }\n      userErrors {\n        message\n        field\n      }\n    }\n  }\n": typeof types.RegisterModelDocument,
    "\n  fragment RegistryList_models on RegisteredModelConnection {\n    edges {\n      node {\n        id\n        name\n        createdAt\n        versions {\n          number\n        }\n        aliases {\n          alias\n          version\n        }\n      }\n    }\n  }\n": typeof types.RegistryList_ModelsFragmentDoc,
    "\n  fragment VersionList_registered on RegisteredModel {\n    id\n    name\n    versions {\n      number\n      registeredAt\n      model {\n        id\n        target\n        deployed\n        deployable\n        job {\n          id\n          name\n          metric\n          score\n        }\n      }\n    }\n  }\n": typeof types.VersionList_RegisteredFragmentDoc,
    "\n  mutation DeregisterModel($input: DeregisterModelInput!) {\n    deregisterModel(input: $input) {\n      deregisteredVersion\n      userErrors {\n        message\n      }\n    }\n  }\n": typeof types.DeregisterModelDocument,
    "\n  query AdminLink {\n    viewer {\n      id\n      role\n    }\n  }\n": typeof types.AdminLinkDocument,
    "\n  mutation SignIn($input: SignInInput!) {\n    signIn(input: $input) {\n      tokens {\n        accessToken\n        accessTokenExpiresAt\n        refreshToken\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": typeof types.SignInDocument,
    "\n  fragment DeliveryList_webhook on Webhook {\n    id\n    deliveries {\n      messageId\n      event\n      state\n      attempts\n      status\n      error\n      createdAt\n      nextAttemptAt\n      sentAt\n      job {\n        id\n        name\n      }\n    }\n  }\n": typeof types.DeliveryList_WebhookFragmentDoc,
    "\n  fragment EmailForm_user on User {\n    id\n    email\n  }\n": typeof types.EmailForm_UserFragmentDoc,
    "\n  mutation UpdateEmail($input: UpdateEmailInput!) {\n    updateEmail(input: $input) {\n      user {\n        ...EmailForm_user\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": typeof types.UpdateEmailDocument,
    "\n  fragment JobCosts_jobs on JobConnection {\n    edges {\n      node {\n        id\n        name\n        finishedAt\n        cost {\n          computeSeconds\n          amount\n          currency\n        }\n      }\n    }\n  }\n": typeof types.JobCosts_JobsFragmentDoc,
    "\n  fragment NotificationSwitches_user on User {\n    id\n    notificationPreferences {\n      mail\n      completed\n      failed\n    }\n  }\n": typeof types.NotificationSwitches_UserFragmentDoc,
    "\n  mutation UpdateNotificationPreferences($input: UpdateNotificationPreferencesInput!) {\n    updateNotificationPreferences(input: $input) {\n      user {\n        ...NotificationSwitches_user\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": typeof types.UpdateNotificationPreferencesDocument,
    "\n  fragment PasswordForms_user on User {\n    id\n    email\n    hasPassword\n  }\n": typeof types.PasswordForms_UserFragmentDoc,
    "\n  mutation SetPassword($input: SetPasswordInput!) {\n    setPassword(input: $input) {\n      user {\n        ...PasswordForms_user\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": typeof types.SetPasswordDocument,
    "\n  mutation UpdatePassword($input: UpdatePasswordInput!) {\n    updatePassword(input: $input) {\n      userErrors {\n        message\n      }\n    }\n  }\n": typeof types.UpdatePasswordDocument,
    "\n  fragment RateLimitFacts_limit on RateLimit {\n    limit\n    remaining\n    cost\n  }\n": typeof types.RateLimitFacts_LimitFragmentDoc,
    "\n  fragment SessionList_user on User {\n    id\n    sessions {\n      id\n      client\n      createdAt\n      refreshedAt\n      expiresAt\n      isCurrent\n    }\n  }\n": typeof types.SessionList_UserFragmentDoc,
    "\n  mutation EndSession($input: EndSessionInput!) {\n    endSession(input: $input) {\n      userErrors {\n        message\n      }\n    }\n  }\n": typeof types.EndSessionDocument,
    "\n  mutation SignOut($input: SignOutInput!) {\n    signOut(input: $input) {\n      endedCount\n      userErrors {\n        message\n      }\n    }\n  }\n": typeof types.SignOutDocument,
    "\n  fragment TokenList_user on User {\n    id\n    apiTokens {\n      id\n      name\n      scopes\n      createdAt\n      expiresAt\n      lastUsedAt\n    }\n  }\n": typeof types.TokenList_UserFragmentDoc,
    "\n  mutation CreateApiToken($input: CreateApiTokenInput!) {\n    createApiToken(input: $input) {\n      secret\n      userErrors {\n        message\n      }\n    }\n  }\n": typeof types.CreateApiTokenDocument,
    "\n  mutation DeleteApiToken($input: DeleteApiTokenInput!) {\n    deleteApiToken(input: $input) {\n      userErrors {\n        message\n      }\n    }\n  }\n": typeof types.DeleteApiTokenDocument,
    "\n  fragment WebhookList_webhook on Webhook {\n    id\n    url\n    events\n    enabled\n    failingSince\n    disabledReason\n    deliveries {\n      messageId\n    }\n    ...DeliveryList_webhook\n  }\n": typeof types.WebhookList_WebhookFragmentDoc,
    "\n  mutation CreateWebhook($input: CreateWebhookInput!) {\n    createWebhook(input: $input) {\n      secret\n      userErrors {\n        message\n        field\n      }\n    }\n  }\n": typeof types.CreateWebhookDocument,
    "\n  mutation UpdateWebhook($input: UpdateWebhookInput!) {\n    updateWebhook(input: $input) {\n      webhook {\n        ...WebhookList_webhook\n      }\n      userErrors {\n        message\n        field\n      }\n    }\n  }\n": typeof types.UpdateWebhookDocument,
    "\n  mutation TestWebhook($input: TestWebhookInput!) {\n    testWebhook(input: $input) {\n      userErrors {\n        message\n      }\n    }\n  }\n": typeof types.TestWebhookDocument,
    "\n  mutation DeleteWebhook($input: DeleteWebhookInput!) {\n    deleteWebhook(input: $input) {\n      userErrors {\n        message\n      }\n    }\n  }\n": typeof types.DeleteWebhookDocument,
    "\n  mutation CreateUpload($input: CreateUploadInput!) {\n    createUpload(input: $input) {\n      upload {\n        id\n        method\n        url\n        partSizeBytes\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": typeof types.CreateUploadDocument,
    "\n  query UploadProgress($id: ID!) {\n    upload(id: $id) {\n      id\n      method\n      url\n      partSizeBytes\n      receivedBytes\n      sizeBytes\n      parts {\n        number\n      }\n    }\n  }\n": typeof types.UploadProgressDocument,
    "\n  query UploadForm($id: ID!) {\n    upload(id: $id) {\n      id\n      url\n      formFields {\n        name\n        value\n      }\n    }\n  }\n": typeof types.UploadFormDocument,
    "\n  mutation SignUploadParts($input: SignUploadPartsInput!) {\n    signUploadParts(input: $input) {\n      links {\n        number\n        url\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": typeof types.SignUploadPartsDocument,
    "\n  mutation CompleteUpload($input: CompleteUploadInput!) {\n    completeUpload(input: $input) {\n      dataset {\n        id\n        name\n        state\n        version\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": typeof types.CompleteUploadDocument,
    "\n  mutation CancelUpload($input: CancelUploadInput!) {\n    cancelUpload(input: $input) {\n      cancelledUploadId\n      userErrors {\n        message\n      }\n    }\n  }\n": typeof types.CancelUploadDocument,
    "\n  mutation RefreshSession($input: RefreshSessionInput!) {\n    refreshSession(input: $input) {\n      tokens {\n        accessToken\n        accessTokenExpiresAt\n        refreshToken\n      }\n      userErrors {\n        code\n        message\n      }\n    }\n  }\n": typeof types.RefreshSessionDocument,
    "\n  query AdminAudit($first: Int!, $after: String, $filter: AuditFilter, $personId: ID!, $withPerson: Boolean!) {\n    admin {\n      auditHead {\n        number\n        hash\n      }\n      auditLog(first: $first, after: $after, filter: $filter) {\n        ...AuditList_entries\n        pageInfo {\n          hasNextPage\n          endCursor\n        }\n      }\n      user(id: $personId) @include(if: $withPerson) {\n        id\n        name\n      }\n    }\n  }\n": typeof types.AdminAuditDocument,
    "\n  query AdminJobs($first: Int!, $after: String, $filter: JobFilter, $person: ID, $personId: ID!, $withPerson: Boolean!) {\n    admin {\n      jobs(first: $first, after: $after, filter: $filter, ownerId: $person) {\n        ...AdminJobList_jobs\n        pageInfo {\n          hasNextPage\n          endCursor\n        }\n      }\n      user(id: $personId) @include(if: $withPerson) {\n        id\n        name\n      }\n    }\n  }\n": typeof types.AdminJobsDocument,
    "\n  query AdminQueue {\n    admin {\n      queue {\n        ...QueueCard_queue\n      }\n      workers(first: 50) {\n        ...WorkersCard_workers\n      }\n      deadTasks(first: 20) {\n        ...DeadTasksCard_tasks\n      }\n    }\n  }\n": typeof types.AdminQueueDocument,
    "\n  query AdminLimits {\n    admin {\n      limits {\n        ...ServerLimitsCard_limits\n      }\n    }\n  }\n": typeof types.AdminLimitsDocument,
    "\n  query AdminPeople($first: Int!, $after: String, $filter: UserFilter) {\n    viewer {\n      id\n    }\n    admin {\n      limits {\n        ...PeopleList_limits\n      }\n      users(first: $first, after: $after, filter: $filter) {\n        ...PeopleList_users\n        pageInfo {\n          hasNextPage\n          endCursor\n        }\n      }\n    }\n  }\n": typeof types.AdminPeopleDocument,
    "\n  query BatchPage($id: ID!, $first: Int!, $after: String) {\n    serverInfo {\n      uploadLimitBytes\n    }\n    node(id: $id) {\n      __typename\n      ... on Model {\n        id\n        name\n        target\n        job {\n          id\n          name\n        }\n        batchPredictions(first: $first, after: $after) {\n          edges {\n            node {\n              id\n              ...BatchCard_batch\n            }\n          }\n          pageInfo {\n            hasNextPage\n            endCursor\n          }\n        }\n      }\n    }\n  }\n": typeof types.BatchPageDocument,
    "\n  query Compare($jobs: [ID!]!) {\n    comparison(jobIds: $jobs) {\n      sameHoldout\n      jobs {\n        id\n        name\n        state\n      }\n      metrics {\n        metric\n        higherIsBetter\n        values\n        best\n      }\n      settings {\n        name\n        values\n      }\n      importance {\n        column\n        values\n      }\n      ...RocOverlay_jobs\n    }\n  }\n": typeof types.CompareDocument,
    "\n  query Configure($id: ID!) {\n    node(id: $id) {\n      __typename\n      ... on Dataset {\n        id\n        name\n        version\n        profile {\n          columns {\n            name\n          }\n        }\n        ...ConfigureForm_dataset\n      }\n    }\n  }\n": typeof types.ConfigureDocument,
    "\n  query Dataset($id: ID!) {\n    node(id: $id) {\n      __typename\n      ... on Dataset {\n        id\n        state\n        error\n        version\n        ...DatasetHeading_dataset\n        profile {\n          columns {\n            name\n            role\n          }\n          ...DatasetFacts_profile\n          ...TargetPicker_profile\n          ...AssociationsCard_profile\n          ...ColumnTable_profile\n        }\n      }\n    }\n  }\n": typeof types.DatasetDocument,
    "\n  query Datasets($first: Int!, $after: String, $filter: DatasetFilter, $orderBy: DatasetOrder) {\n    datasets(first: $first, after: $after, filter: $filter, orderBy: $orderBy) {\n      ...DatasetList_datasets\n      totalCount\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": typeof types.DatasetsDocument,
    "\n  query History($first: Int!, $after: String, $filter: JobFilter, $orderBy: JobOrder) {\n    jobs(first: $first, after: $after, filter: $filter, orderBy: $orderBy) {\n      ...HistoryList_jobs\n      edges {\n        node {\n          id\n          state\n        }\n      }\n      totalCount\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": typeof types.HistoryDocument,
    "\n  query Home($jobs: Int!, $jobsAfter: String, $datasets: Int!) {\n    serverInfo {\n      uploadLimitBytes\n      ...SampleList_info\n    }\n    jobs(first: $jobs, after: $jobsAfter) {\n      ...JobList_jobs\n      edges {\n        node {\n          id\n          state\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n    datasets(first: $datasets) {\n      ...DatasetList_datasets\n      edges {\n        node {\n          id\n        }\n      }\n    }\n  }\n": typeof types.HomeDocument,
    "\n  query Job($id: ID!) {\n    node(id: $id) {\n      __typename\n      ... on Job {\n        id\n        name\n        state\n        error\n        version\n        target\n        notes\n        higherIsBetter\n        progress {\n          trialsFinished\n          trialsFailed\n        }\n        dataset {\n          id\n          name\n        }\n        ...JobActions_job\n        ...StepTimeline_job\n        ...JobProgressCard_job\n        ...BestSoFar_job\n        ...Leaderboard_job\n        ...SettingsCard_job\n        ...ExtendJob_job\n        ...CloneJob_job\n        ...NotesCard_job\n        ...JobLog_job\n        model {\n          id\n          ...Leaderboard_model\n        }\n      }\n    }\n  }\n": typeof types.JobDocument,
    "\n  query PredictPage($id: ID!) {\n    node(id: $id) {\n      __typename\n      ... on Model {\n        id\n        name\n        target\n        deployed\n        job {\n          id\n          name\n        }\n        ...PredictForm_model\n      }\n    }\n  }\n": typeof types.PredictPageDocument,
    "\n  query RegisteredModel($id: ID!) {\n    node(id: $id) {\n      __typename\n      ... on RegisteredModel {\n        id\n        name\n        aliases {\n          alias\n          version\n          previousVersion\n        }\n        versions {\n          number\n          model {\n            id\n            deployed\n            deployable\n          }\n        }\n        ...AliasList_registered\n        ...VersionList_registered\n      }\n    }\n  }\n": typeof types.RegisteredModelDocument,
    "\n  query Registry($first: Int!, $after: String) {\n    registeredModels(first: $first, after: $after) {\n      ...RegistryList_models\n      edges {\n        node {\n          id\n        }\n      }\n      totalCount\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": typeof types.RegistryDocument,
    "\n  mutation RequestPasswordReset($input: RequestPasswordResetInput!) {\n    requestPasswordReset(input: $input) {\n      accepted\n      userErrors {\n        message\n      }\n    }\n  }\n": typeof types.RequestPasswordResetDocument,
    "\n  mutation ResetPassword($input: ResetPasswordInput!) {\n    resetPassword(input: $input) {\n      changed\n      userErrors {\n        message\n      }\n    }\n  }\n": typeof types.ResetPasswordDocument,
    "\n  query Settings {\n    viewer {\n      id\n      ...EmailForm_user\n      ...NotificationSwitches_user\n      ...PasswordForms_user\n      ...SessionList_user\n    }\n  }\n": typeof types.SettingsDocument,
    "\n  query SettingsPrograms {\n    viewer {\n      id\n      ...TokenList_user\n    }\n    webhooks {\n      id\n      deliveries {\n        messageId\n        state\n        createdAt\n      }\n      ...WebhookList_webhook\n    }\n  }\n": typeof types.SettingsProgramsDocument,
    "\n  query SettingsLimits($jobs: Int!, $filter: JobFilter, $orderBy: JobOrder) {\n    viewer {\n      id\n      quotas {\n        ...QuotaList_quotas\n      }\n    }\n    rateLimit {\n      ...RateLimitFacts_limit\n    }\n    jobs(first: $jobs, filter: $filter, orderBy: $orderBy) {\n      ...JobCosts_jobs\n    }\n  }\n": typeof types.SettingsLimitsDocument,
    "\n  mutation SignInWithCode($input: SignInWithCodeInput!) {\n    signInWithCode(input: $input) {\n      tokens {\n        accessToken\n        accessTokenExpiresAt\n        refreshToken\n      }\n      userErrors {\n        code\n        message\n      }\n    }\n  }\n": typeof types.SignInWithCodeDocument,
    "\n  mutation SignUp($input: SignUpInput!) {\n    signUp(input: $input) {\n      accepted\n      userErrors {\n        message\n      }\n    }\n  }\n": typeof types.SignUpDocument,
    "\n  mutation VerifyEmail($input: VerifyEmailInput!) {\n    verifyEmail(input: $input) {\n      verified\n      userErrors {\n        message\n      }\n    }\n  }\n": typeof types.VerifyEmailDocument,
};
const documents: Documents = {
    "\n  fragment AdminJobList_jobs on JobConnection {\n    edges {\n      node {\n        id\n        name\n        state\n        version\n        target\n        error\n        metric\n        createdAt\n        owner {\n          id\n          name\n        }\n        cost {\n          computeSeconds\n          amount\n          currency\n        }\n        progress {\n          trialsFinished\n          bestScore\n        }\n      }\n    }\n  }\n": types.AdminJobList_JobsFragmentDoc,
    "\n  mutation CancelAnyJob($input: CancelAnyJobInput!) {\n    cancelAnyJob(input: $input) {\n      job {\n        id\n        state\n        version\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": types.CancelAnyJobDocument,
    "\n  fragment AuditList_entries on AuditEntryConnection {\n    edges {\n      node {\n        id\n        number\n        at\n        action\n        actorKind\n        subjectKind\n        subject\n        reason\n        before\n        after\n        address\n        actor {\n          id\n          name\n        }\n      }\n    }\n  }\n": types.AuditList_EntriesFragmentDoc,
    "\n  fragment DeadTasksCard_tasks on TaskConnection {\n    edges {\n      node {\n        id\n        kind\n        error\n        failures\n        crashes\n        updatedAt\n        owner {\n          id\n          name\n        }\n        job {\n          id\n          name\n        }\n      }\n    }\n  }\n": types.DeadTasksCard_TasksFragmentDoc,
    "\n  mutation RequeueTask($input: RequeueTaskInput!) {\n    requeueTask(input: $input) {\n      userErrors {\n        message\n      }\n    }\n  }\n": types.RequeueTaskDocument,
    "\n  mutation PurgeDeadTasks($input: PurgeDeadTasksInput!) {\n    purgeDeadTasks(input: $input) {\n      purgedCount\n      userErrors {\n        message\n      }\n    }\n  }\n": types.PurgeDeadTasksDocument,
    "\n  fragment PeopleList_users on UserConnection {\n    edges {\n      node {\n        id\n        name\n        email\n        role\n        suspendedAt\n        createdAt\n        quotas {\n          unfinishedJobs {\n            used\n          }\n        }\n        ...PersonDetails_user\n      }\n    }\n  }\n": types.PeopleList_UsersFragmentDoc,
    "\n  fragment PeopleList_limits on ServerLimits {\n    ...PersonDetails_limits\n  }\n": types.PeopleList_LimitsFragmentDoc,
    "\n  mutation SuspendUser($input: SuspendUserInput!) {\n    suspendUser(input: $input) {\n      user {\n        id\n        suspendedAt\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": types.SuspendUserDocument,
    "\n  mutation RestoreUser($input: RestoreUserInput!) {\n    restoreUser(input: $input) {\n      user {\n        id\n        suspendedAt\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": types.RestoreUserDocument,
    "\n  mutation SetUserRole($input: SetUserRoleInput!) {\n    setUserRole(input: $input) {\n      user {\n        id\n        role\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": types.SetUserRoleDocument,
    "\n  mutation RevokeUserSessions($input: RevokeUserSessionsInput!) {\n    revokeUserSessions(input: $input) {\n      userErrors {\n        message\n      }\n    }\n  }\n": types.RevokeUserSessionsDocument,
    "\n  fragment PersonDetails_user on User {\n    id\n    name\n    quotas {\n      ...QuotaList_quotas\n      ...QuotaDialog_quotas\n    }\n  }\n": types.PersonDetails_UserFragmentDoc,
    "\n  fragment PersonDetails_limits on ServerLimits {\n    ...QuotaDialog_limits\n  }\n": types.PersonDetails_LimitsFragmentDoc,
    "\n  mutation ClaimDefaultData($input: ClaimDefaultDataInput!) {\n    claimDefaultData(input: $input) {\n      claimedRows\n      userErrors {\n        message\n      }\n    }\n  }\n": types.ClaimDefaultDataDocument,
    "\n  fragment QueueCard_queue on TaskQueue {\n    queued\n    running\n    dead\n    oldestQueuedAt\n    isPaused\n    workers\n    slots\n    version\n    byKind {\n      kind\n      queued\n      running\n    }\n    pauses {\n      kind\n      capability\n      reason\n      pausedAt\n    }\n  }\n": types.QueueCard_QueueFragmentDoc,
    "\n  mutation PauseQueue($input: PauseQueueInput!) {\n    pauseQueue(input: $input) {\n      userErrors {\n        message\n      }\n    }\n  }\n": types.PauseQueueDocument,
    "\n  mutation ResumeQueue($input: ResumeQueueInput!) {\n    resumeQueue(input: $input) {\n      userErrors {\n        message\n      }\n    }\n  }\n": types.ResumeQueueDocument,
    "\n  fragment QuotaDialog_quotas on Quotas {\n    unfinishedJobs {\n      limit\n    }\n    jobsPerDay {\n      limit\n    }\n    computeSecondsPerDay {\n      limit\n    }\n    storedBytes {\n      limit\n    }\n    jobBudgetSeconds {\n      limit\n    }\n  }\n": types.QuotaDialog_QuotasFragmentDoc,
    "\n  fragment QuotaDialog_limits on ServerLimits {\n    unfinishedJobs\n    jobsPerDay\n    computeSecondsPerDay\n    storedBytes\n    jobBudgetSeconds\n  }\n": types.QuotaDialog_LimitsFragmentDoc,
    "\n  mutation SetUserQuota($input: SetUserQuotaInput!) {\n    setUserQuota(input: $input) {\n      user {\n        id\n        quotas {\n          ...QuotaList_quotas\n        }\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": types.SetUserQuotaDocument,
    "\n  fragment ServerLimitsCard_limits on ServerLimits {\n    unfinishedJobs\n    jobsPerDay\n    computeSecondsPerDay\n    storedBytes\n    jobBudgetSeconds\n    uploadBytes\n    pricePerHour\n    currency\n  }\n": types.ServerLimitsCard_LimitsFragmentDoc,
    "\n  fragment WorkersCard_workers on WorkerConnection {\n    edges {\n      node {\n        id\n        name\n        host\n        version\n        device\n        slots\n        threads\n        memoryBytes\n        seenAt\n        startedAt\n        isDraining\n        tasks {\n          id\n          kind\n          job {\n            id\n            name\n          }\n        }\n      }\n    }\n  }\n": types.WorkersCard_WorkersFragmentDoc,
    "\n  mutation DrainWorker($input: DrainWorkerInput!) {\n    drainWorker(input: $input) {\n      worker {\n        id\n        isDraining\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": types.DrainWorkerDocument,
    "\n  mutation TakeTask($input: RequeueTaskInput!) {\n    requeueTask(input: $input) {\n      userErrors {\n        message\n      }\n    }\n  }\n": types.TakeTaskDocument,
    "\n  fragment BatchCard_batch on BatchPrediction {\n    id\n    version\n    fileName\n    sizeBytes\n    state\n    error\n    createdAt\n    progress {\n      rowsDone\n      rowsInError\n      share\n    }\n    ...BatchReport_batch\n  }\n": types.BatchCard_BatchFragmentDoc,
    "\n  query BatchLinks($id: ID!) {\n    node(id: $id) {\n      __typename\n      ... on BatchPrediction {\n        id\n        downloads {\n          format\n          fileName\n          url\n        }\n      }\n    }\n  }\n": types.BatchLinksDocument,
    "\n  mutation CancelBatchPrediction($input: CancelBatchPredictionInput!) {\n    cancelBatchPrediction(input: $input) {\n      userErrors {\n        message\n      }\n    }\n  }\n": types.CancelBatchPredictionDocument,
    "\n  mutation DeleteBatchPrediction($input: DeleteBatchPredictionInput!) {\n    deleteBatchPrediction(input: $input) {\n      userErrors {\n        message\n      }\n    }\n  }\n": types.DeleteBatchPredictionDocument,
    "\n  fragment BatchLive_version on BatchPrediction {\n    id\n    version\n  }\n": types.BatchLive_VersionFragmentDoc,
    "\n  subscription BatchUpdated($id: ID!) {\n    batchPredictionUpdated(id: $id) {\n      ...BatchLive_version\n      id\n      state\n      error\n      progress {\n        rowsDone\n        rowsInError\n        share\n      }\n    }\n  }\n": types.BatchUpdatedDocument,
    "\n  fragment BatchReport_batch on BatchPrediction {\n    id\n    report {\n      rows\n      rowsInError\n      warnings\n      rowErrors {\n        row\n        column\n        message\n      }\n      evaluationAbsent\n      evaluation {\n        rows\n        metrics {\n          metric\n          value\n          holdout\n        }\n      }\n      drift {\n        absent\n        columns {\n          column\n          psi\n          level\n          absent\n          missingShare\n          trainingMissingShare\n        }\n      }\n    }\n  }\n": types.BatchReport_BatchFragmentDoc,
    "\n  mutation CreateBatchPrediction($input: CreateBatchPredictionInput!) {\n    createBatchPrediction(input: $input) {\n      batchPrediction {\n        id\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": types.CreateBatchPredictionDocument,
    "\n  fragment RocOverlay_jobs on JobComparison {\n    jobs {\n      id\n      name\n      model {\n        id\n        evaluation {\n          roc {\n            x\n            y\n          }\n        }\n      }\n    }\n  }\n": types.RocOverlay_JobsFragmentDoc,
    "\n  fragment AssociationsCard_profile on DatasetProfile {\n    associations {\n      left\n      right\n      value\n      measuredBy\n    }\n  }\n": types.AssociationsCard_ProfileFragmentDoc,
    "\n  fragment ColumnPanel_column on ColumnProfile {\n    name\n    evidence\n    missing\n    distinct\n    min\n    max\n    mean\n    sd\n    median\n    quantiles\n    outliers\n    topValues {\n      value\n      count\n    }\n    histogram {\n      from\n      to\n      count\n    }\n    samples\n  }\n": types.ColumnPanel_ColumnFragmentDoc,
    "\n  fragment ColumnSummary_column on ColumnProfile {\n    name\n    min\n    max\n    topValues {\n      value\n      count\n    }\n    histogram {\n      from\n      to\n      count\n    }\n    samples\n  }\n": types.ColumnSummary_ColumnFragmentDoc,
    "\n  fragment ColumnTable_profile on DatasetProfile {\n    rows\n    columns {\n      name\n      role\n      valueKind\n      missing\n      warnings\n    }\n  }\n": types.ColumnTable_ProfileFragmentDoc,
    "\n  fragment DatasetFacts_profile on DatasetProfile {\n    rows\n    sampledRows\n    duplicateRows\n    warnings\n    format {\n      type\n      delimiter\n      textEncoding\n      header\n      compressedBy\n    }\n    columns {\n      missing\n    }\n  }\n": types.DatasetFacts_ProfileFragmentDoc,
    "\n  fragment DatasetHeading_dataset on Dataset {\n    id\n    name\n    fileName\n    sizeBytes\n    state\n    version\n    jobs(first: 1) {\n      totalCount\n    }\n  }\n": types.DatasetHeading_DatasetFragmentDoc,
    "\n  mutation RenameDataset($input: RenameDatasetInput!) {\n    renameDataset(input: $input) {\n      dataset {\n        id\n        name\n        version\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": types.RenameDatasetDocument,
    "\n  mutation RemoveDataset($input: DeleteDatasetInput!) {\n    deleteDataset(input: $input) {\n      deletedId\n      userErrors {\n        message\n      }\n    }\n  }\n": types.RemoveDatasetDocument,
    "\n  fragment DatasetList_datasets on DatasetConnection {\n    edges {\n      node {\n        id\n        name\n        state\n        sizeBytes\n        createdAt\n        profile {\n          rows\n        }\n      }\n    }\n  }\n": types.DatasetList_DatasetsFragmentDoc,
    "\n  mutation DeleteDataset($input: DeleteDatasetInput!) {\n    deleteDataset(input: $input) {\n      deletedId\n      userErrors {\n        message\n      }\n    }\n  }\n": types.DeleteDatasetDocument,
    "\n  subscription DatasetUpdated($id: ID!) {\n    datasetUpdated(id: $id) {\n      id\n      state\n      error\n      version\n    }\n  }\n": types.DatasetUpdatedDocument,
    "\n  query DatasetPreview($id: ID!, $columns: [String!]!) {\n    node(id: $id) {\n      __typename\n      ... on Dataset {\n        id\n        profile {\n          preview(columns: $columns)\n        }\n      }\n    }\n  }\n": types.DatasetPreviewDocument,
    "\n  query DatasetReport($id: ID!) {\n    node(id: $id) {\n      __typename\n      ... on Dataset {\n        id\n        report {\n          fileName\n          url\n        }\n      }\n    }\n  }\n": types.DatasetReportDocument,
    "\n  fragment SampleList_info on ServerInfo {\n    samples {\n      key\n      title\n      description\n      target\n      rows\n    }\n  }\n": types.SampleList_InfoFragmentDoc,
    "\n  mutation CreateSample($input: CreateSampleDatasetInput!) {\n    createSampleDataset(input: $input) {\n      dataset {\n        id\n        name\n        state\n        version\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": types.CreateSampleDocument,
    "\n  fragment TargetPicker_profile on DatasetProfile {\n    rows\n    columns {\n      name\n      role\n      missing\n    }\n  }\n": types.TargetPicker_ProfileFragmentDoc,
    "\n  fragment TargetValues_column on ColumnProfile {\n    name\n    missing\n    distinct\n    mean\n    median\n    sd\n    topValues {\n      value\n      count\n    }\n    histogram {\n      from\n      to\n      count\n    }\n    asTarget {\n      ambiguous\n    }\n  }\n": types.TargetValues_ColumnFragmentDoc,
    "\n  query ColumnDetails($id: ID!, $names: [String!]) {\n    node(id: $id) {\n      __typename\n      ... on Dataset {\n        id\n        profile {\n          columns(names: $names) {\n            name\n            evidence\n            distinct\n            mean\n            median\n            ...ColumnSummary_column\n            ...ColumnPanel_column\n            ...TargetValues_column\n          }\n        }\n      }\n    }\n  }\n": types.ColumnDetailsDocument,
    "\n  query TargetAdvice($id: ID!) {\n    node(id: $id) {\n      __typename\n      ... on Dataset {\n        id\n        profile {\n          columns {\n            asTarget {\n              usable\n              problem\n              reason\n            }\n          }\n        }\n      }\n    }\n  }\n": types.TargetAdviceDocument,
    "\n  mutation CancelJobs($input: CancelJobsInput!) {\n    cancelJobs(input: $input) {\n      outcomes {\n        jobId\n        job {\n          id\n          state\n          version\n        }\n        userErrors {\n          message\n        }\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": types.CancelJobsDocument,
    "\n  mutation DeleteJobs($input: DeleteJobsInput!) {\n    deleteJobs(input: $input) {\n      outcomes {\n        jobId\n        userErrors {\n          message\n        }\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": types.DeleteJobsDocument,
    "\n  mutation TagJobs($input: TagJobsInput!) {\n    tagJobs(input: $input) {\n      outcomes {\n        jobId\n        job {\n          id\n          version\n          tags\n        }\n        userErrors {\n          message\n        }\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": types.TagJobsDocument,
    "\n  fragment HistoryList_jobs on JobConnection {\n    edges {\n      node {\n        id\n        name\n        state\n        version\n        target\n        metric\n        score\n        tags\n        annotation\n        createdAt\n        dataset {\n          id\n          name\n        }\n      }\n    }\n  }\n": types.HistoryList_JobsFragmentDoc,
    "\n  fragment AskedFacts_settings on JobSettings {\n    roles {\n      column\n      role\n    }\n    validation {\n      kind\n      folds\n      column\n    }\n    weightColumn\n    threshold {\n      goal\n      atLeast\n    }\n    monotone {\n      column\n      direction\n    }\n    maxLatencyMilliseconds\n  }\n": types.AskedFacts_SettingsFragmentDoc,
    "\n  query AskedSettings($id: ID!) {\n    node(id: $id) {\n      __typename\n      ... on Job {\n        id\n        settings {\n          ...AskedFacts_settings\n        }\n      }\n    }\n  }\n": types.AskedSettingsDocument,
    "\n  fragment BestSoFar_job on Job {\n    id\n    metric\n    higherIsBetter\n    startedAt\n  }\n": types.BestSoFar_JobFragmentDoc,
    "\n  fragment CloneJob_job on Job {\n    id\n    problem\n    metric\n    settings {\n      budgetSeconds\n      preset\n      seed\n    }\n  }\n": types.CloneJob_JobFragmentDoc,
    "\n  mutation CloneJob($input: CloneJobInput!) {\n    cloneJob(input: $input) {\n      job {\n        id\n        name\n        state\n        version\n      }\n      userErrors {\n        message\n        field\n      }\n    }\n  }\n": types.CloneJobDocument,
    "\n  query ColumnEvidence($id: ID!) {\n    node(id: $id) {\n      __typename\n      ... on Dataset {\n        id\n        profile {\n          columns {\n            name\n            evidence\n          }\n        }\n      }\n    }\n  }\n": types.ColumnEvidenceDocument,
    "\n  fragment ConfigureForm_dataset on Dataset {\n    id\n    profile {\n      rows\n      columns {\n        name\n        role\n        valueKind\n        missing\n        distinct\n      }\n    }\n  }\n": types.ConfigureForm_DatasetFragmentDoc,
    "\n  mutation CreateJob($input: CreateJobInput!) {\n    createJob(input: $input) {\n      job {\n        id\n        name\n        state\n        version\n      }\n      userErrors {\n        message\n        field\n      }\n    }\n  }\n": types.CreateJobDocument,
    "\n  fragment ExtendJob_job on Job {\n    id\n    state\n    version\n    settings {\n      budgetSeconds\n    }\n    progress {\n      secondsElapsed\n    }\n  }\n": types.ExtendJob_JobFragmentDoc,
    "\n  mutation ExtendJob($input: ExtendJobInput!) {\n    extendJob(input: $input) {\n      job {\n        ...ExtendJob_job\n        ...JobActions_job\n        ...StepTimeline_job\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": types.ExtendJobDocument,
    "\n  fragment JobActions_job on Job {\n    id\n    name\n    state\n    version\n    progress {\n      trialsFinished\n    }\n  }\n": types.JobActions_JobFragmentDoc,
    "\n  mutation CancelJob($input: CancelJobInput!) {\n    cancelJob(input: $input) {\n      job {\n        ...JobActions_job\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": types.CancelJobDocument,
    "\n  mutation FinishJob($input: FinishJobInput!) {\n    finishJob(input: $input) {\n      job {\n        ...JobActions_job\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": types.FinishJobDocument,
    "\n  mutation DeleteJob($input: DeleteJobInput!) {\n    deleteJob(input: $input) {\n      deletedId\n      userErrors {\n        message\n      }\n    }\n  }\n": types.DeleteJobDocument,
    "\n  fragment JobList_jobs on JobConnection {\n    edges {\n      node {\n        id\n        name\n        state\n        version\n        target\n        metric\n        score\n        createdAt\n        progress {\n          trialsFinished\n          bestScore\n        }\n        dataset {\n          id\n          name\n        }\n      }\n    }\n  }\n": types.JobList_JobsFragmentDoc,
    "\n  fragment JobLive_version on Job {\n    id\n    version\n    state\n  }\n": types.JobLive_VersionFragmentDoc,
    "\n  fragment JobLive_job on Job {\n    ...JobLive_version\n    error\n    notes\n    ...JobActions_job\n    ...StepTimeline_job\n    ...JobProgressCard_job\n    ...BestSoFar_job\n    ...Leaderboard_job\n    ...SettingsCard_job\n    ...ExtendJob_job\n    ...CloneJob_job\n    ...JobLog_job\n  }\n": types.JobLive_JobFragmentDoc,
    "\n  subscription JobUpdated($id: ID!) {\n    jobUpdated(id: $id) {\n      ...JobLive_job\n    }\n  }\n": types.JobUpdatedDocument,
    "\n  fragment JobLog_job on Job {\n    id\n    createdAt\n    higherIsBetter\n    steps {\n      name\n      state\n      startedAt\n      finishedAt\n    }\n  }\n": types.JobLog_JobFragmentDoc,
    "\n  fragment JobProgressCard_job on Job {\n    id\n    state\n    metric\n    settings {\n      budgetSeconds\n    }\n    progress {\n      trialsFinished\n      trialsRunning\n      trialsFailed\n      bestScore\n      bestTrial\n      secondsElapsed\n      secondsLeft\n    }\n  }\n": types.JobProgressCard_JobFragmentDoc,
    "\n  fragment Leaderboard_job on Job {\n    id\n    metric\n    higherIsBetter\n  }\n": types.Leaderboard_JobFragmentDoc,
    "\n  fragment Leaderboard_model on Model {\n    id\n    members {\n      name\n      weight\n    }\n  }\n": types.Leaderboard_ModelFragmentDoc,
    "\n  fragment NotesCard_job on Job {\n    id\n    version\n    tags\n    annotation\n  }\n": types.NotesCard_JobFragmentDoc,
    "\n  mutation TagJob($input: TagJobsInput!) {\n    tagJobs(input: $input) {\n      outcomes {\n        jobId\n        job {\n          ...NotesCard_job\n        }\n        userErrors {\n          message\n        }\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": types.TagJobDocument,
    "\n  mutation AnnotateJob($input: AnnotateJobInput!) {\n    annotateJob(input: $input) {\n      job {\n        ...NotesCard_job\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": types.AnnotateJobDocument,
    "\n  mutation RetryJob($input: RetryJobInput!) {\n    retryJob(input: $input) {\n      job {\n        error\n        ...JobActions_job\n        ...StepTimeline_job\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": types.RetryJobDocument,
    "\n  fragment SettingsCard_job on Job {\n    id\n    problem\n    metric\n    finishedAt\n    cost {\n      computeSeconds\n      amount\n      currency\n    }\n    progress {\n      secondsElapsed\n    }\n    settings {\n      budgetSeconds\n      preset\n      seed\n      exclude\n      gpu\n    }\n  }\n": types.SettingsCard_JobFragmentDoc,
    "\n  fragment StepTimeline_job on Job {\n    id\n    steps {\n      name\n      state\n      startedAt\n      finishedAt\n      error\n      attempts\n      retryAt\n    }\n  }\n": types.StepTimeline_JobFragmentDoc,
    "\n  query TrialDialog($id: ID!) {\n    node(id: $id) {\n      __typename\n      ... on Trial {\n        id\n        number\n        name\n        learner\n        state\n        error\n        device\n        notes\n        parameters\n        score\n        scoreSd\n        foldScores\n        fitSeconds\n        predictMicrosecondsPerRow\n        rounds\n        stopReason\n        curve {\n          round\n          loss\n        }\n      }\n    }\n  }\n": types.TrialDialogDocument,
    "\n  query Ensembles($job: ID!) {\n    node(id: $job) {\n      __typename\n      ... on Job {\n        id\n        leaderboard(kinds: [ENSEMBLE, ALTERNATIVE]) {\n          kind\n          name\n          score\n        }\n      }\n    }\n  }\n": types.EnsemblesDocument,
    "\n  query JobEstimate($input: CreateJobInput!) {\n    jobEstimate(input: $input) {\n      forecast {\n        trainingRows\n        holdoutRows\n        folds\n        trials {\n          low\n          high\n        }\n        seconds {\n          low\n          high\n        }\n        memoryBytes {\n          low\n          high\n        }\n        measured\n        learners {\n          title\n        }\n        notes\n      }\n      userErrors {\n        message\n        field\n      }\n    }\n  }\n": types.JobEstimateDocument,
    "\n  fragment UseTrials_trial on Trial {\n    id\n    number\n    name\n    learner\n    state\n    error\n    version\n    score\n    scoreSd\n    fitSeconds\n    startedAt\n    finishedAt\n  }\n": types.UseTrials_TrialFragmentDoc,
    "\n  fragment UseTrials_live on Trial {\n    id\n    number\n    name\n    learner\n    state\n    error\n    version\n    score\n    scoreSd\n    fitSeconds\n    startedAt\n    finishedAt\n    curve {\n      round\n      loss\n    }\n  }\n": types.UseTrials_LiveFragmentDoc,
    "\n  query Trials($job: ID!, $after: String, $orderBy: TrialOrder) {\n    node(id: $job) {\n      __typename\n      ... on Job {\n        id\n        trials(first: 100, after: $after, orderBy: $orderBy) {\n          edges {\n            node {\n              ...UseTrials_trial\n            }\n          }\n          pageInfo {\n            hasNextPage\n            endCursor\n          }\n        }\n      }\n    }\n  }\n": types.TrialsDocument,
    "\n  query RunningTrials($job: ID!, $filter: TrialFilter) {\n    node(id: $job) {\n      __typename\n      ... on Job {\n        id\n        trials(first: 8, filter: $filter) {\n          edges {\n            node {\n              ...UseTrials_live\n            }\n          }\n        }\n      }\n    }\n  }\n": types.RunningTrialsDocument,
    "\n  subscription TrialUpdated($job: ID!) {\n    trialUpdated(jobId: $job) {\n      ...UseTrials_live\n    }\n  }\n": types.TrialUpdatedDocument,
    "\n  fragment AttributionCard_evaluation on Evaluation {\n    attributionRows\n    attribution {\n      column\n      meanAbsolute\n    }\n  }\n": types.AttributionCard_EvaluationFragmentDoc,
    "\n  fragment CalibrationCard_evaluation on Evaluation {\n    calibration {\n      predicted\n      actual\n      count\n    }\n  }\n": types.CalibrationCard_EvaluationFragmentDoc,
    "\n  fragment Certificate_model on Model {\n    id\n    onnxWithheld\n    certificate {\n      runtime\n      sha256\n      holdoutRows\n      edgeRows\n      largestDifference\n      tolerance\n    }\n  }\n": types.Certificate_ModelFragmentDoc,
    "\n  query ClassCurves($model: ID!) {\n    node(id: $model) {\n      __typename\n      ... on Model {\n        id\n        evaluation {\n          classReports {\n            label\n            rocAuc\n            prAuc\n            cuts {\n              threshold\n              truePositives\n              falsePositives\n              positives\n              negatives\n            }\n          }\n        }\n      }\n    }\n  }\n": types.ClassCurvesDocument,
    "\n  fragment ClassesCard_evaluation on Evaluation {\n    classReports {\n      label\n      precision\n      recall\n      f1\n      support\n    }\n  }\n": types.ClassesCard_EvaluationFragmentDoc,
    "\n  fragment ConfusionCard_evaluation on Evaluation {\n    confusion {\n      labels\n      counts\n    }\n  }\n": types.ConfusionCard_EvaluationFragmentDoc,
    "\n  fragment DecisionsCard_evaluation on Evaluation {\n    calibrationDecision {\n      isKept\n      holdoutBefore\n      holdoutAfter\n      reason\n    }\n    threshold {\n      threshold\n      precision\n      recall\n      reason\n    }\n    latency {\n      milliseconds\n      limitMilliseconds\n      nothingFits\n    }\n    coverage {\n      level\n      coverage\n      size\n      rows\n    }\n  }\n": types.DecisionsCard_EvaluationFragmentDoc,
    "\n  fragment DependenceCard_evaluation on Evaluation {\n    dependence {\n      column\n      classes\n      rows\n      lines\n      points {\n        value\n        label\n        means\n      }\n    }\n  }\n": types.DependenceCard_EvaluationFragmentDoc,
    "\n  fragment DeployCard_model on Model {\n    id\n    name\n    deployed\n    deployable\n    ...Certificate_model\n  }\n": types.DeployCard_ModelFragmentDoc,
    "\n  fragment DownloadsCard_model on Model {\n    id\n    downloads {\n      kind\n      fileName\n      sizeBytes\n    }\n  }\n": types.DownloadsCard_ModelFragmentDoc,
    "\n  query DownloadLinks($model: ID!) {\n    node(id: $model) {\n      __typename\n      ... on Model {\n        id\n        downloads {\n          kind\n          fileName\n          url\n        }\n      }\n    }\n  }\n": types.DownloadLinksDocument,
    "\n  fragment ErrorsCard_evaluation on Evaluation {\n    residuals {\n      from\n      to\n      count\n    }\n    errorBands {\n      from\n      to\n      count\n      meanError\n      meanAbsoluteError\n    }\n  }\n": types.ErrorsCard_EvaluationFragmentDoc,
    "\n  fragment ImportanceCard_evaluation on Evaluation {\n    importance {\n      column\n      importance\n      sd\n    }\n  }\n": types.ImportanceCard_EvaluationFragmentDoc,
    "\n  fragment MetricsCard_evaluation on Evaluation {\n    metrics {\n      metric\n      value\n      higherIsBetter\n    }\n  }\n": types.MetricsCard_EvaluationFragmentDoc,
    "\n  query Results($id: ID!) {\n    node(id: $id) {\n      __typename\n      ... on Model {\n        id\n        target\n        classes\n        ...ScoreCard_model\n        ...DeployCard_model\n        ...DownloadsCard_model\n        evaluation {\n          ...MetricsCard_evaluation\n          ...ConfusionCard_evaluation\n          ...RocCard_evaluation\n          ...ThresholdCard_evaluation\n          ...CalibrationCard_evaluation\n          ...ClassesCard_evaluation\n          ...ErrorsCard_evaluation\n          ...PredictedActualCard_evaluation\n          ...ImportanceCard_evaluation\n          ...AttributionCard_evaluation\n          ...DependenceCard_evaluation\n          ...DecisionsCard_evaluation\n        }\n      }\n    }\n  }\n": types.ResultsDocument,
    "\n  fragment PredictForm_model on Model {\n    id\n    target\n    problem\n    inputs {\n      name\n      kind\n      min\n      max\n      examples\n      typical\n    }\n    evaluation {\n      coverage {\n        level\n      }\n      importance {\n        column\n        importance\n      }\n    }\n  }\n": types.PredictForm_ModelFragmentDoc,
    "\n  fragment PredictedActualCard_evaluation on Evaluation {\n    predictedActual {\n      x\n      y\n    }\n  }\n": types.PredictedActualCard_EvaluationFragmentDoc,
    "\n  fragment RocCard_evaluation on Evaluation {\n    roc {\n      x\n      y\n    }\n    cuts {\n      threshold\n    }\n    metrics {\n      metric\n      value\n    }\n  }\n": types.RocCard_EvaluationFragmentDoc,
    "\n  fragment ScoreCard_model on Model {\n    id\n    target\n    members {\n      name\n      weight\n    }\n    evaluation {\n      metric\n      holdoutRows\n      score\n      low\n      high\n      baseline\n      isBetterThanBaseline\n      summary\n    }\n  }\n": types.ScoreCard_ModelFragmentDoc,
    "\n  fragment ThresholdCard_evaluation on Evaluation {\n    threshold {\n      threshold\n    }\n    cuts {\n      threshold\n      truePositives\n      falsePositives\n      positives\n      negatives\n    }\n    metrics {\n      metric\n      value\n    }\n  }\n": types.ThresholdCard_EvaluationFragmentDoc,
    "\n  mutation Predict($input: PredictInput!) {\n    predict(input: $input) {\n      predictions {\n        label\n        value\n        probability\n        probabilities {\n          label\n          probability\n        }\n        interval {\n          low\n          high\n        }\n        labelSet\n        contributions {\n          label\n          base\n          columns {\n            column\n            value\n          }\n        }\n        warnings {\n          kind\n          column\n          message\n        }\n      }\n      inferenceMicroseconds\n      userErrors {\n        message\n      }\n    }\n  }\n": types.PredictDocument,
    "\n  mutation DeployModel($input: DeployModelInput!) {\n    deployModel(input: $input) {\n      model {\n        id\n        deployed\n        deployable\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": types.DeployModelDocument,
    "\n  mutation UndeployModel($input: UndeployModelInput!) {\n    undeployModel(input: $input) {\n      model {\n        id\n        deployed\n        deployable\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": types.UndeployModelDocument,
    "\n  fragment QuotaList_quotas on Quotas {\n    unfinishedJobs {\n      limit\n      used\n      resetsAt\n    }\n    jobsPerDay {\n      limit\n      used\n      resetsAt\n    }\n    computeSecondsPerDay {\n      limit\n      used\n      resetsAt\n    }\n    storedBytes {\n      limit\n      used\n      resetsAt\n    }\n    jobBudgetSeconds {\n      limit\n      used\n      resetsAt\n    }\n  }\n": types.QuotaList_QuotasFragmentDoc,
    "\n  fragment AliasList_registered on RegisteredModel {\n    id\n    name\n    aliases {\n      alias\n      version\n      previousVersion\n      changedAt\n    }\n  }\n": types.AliasList_RegisteredFragmentDoc,
    "\n  mutation RollBackModel($input: RollBackModelInput!) {\n    rollBackModel(input: $input) {\n      registeredModel {\n        id\n        ...AliasList_registered\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": types.RollBackModelDocument,
    "\n  query AskByAlias($model: ID!) {\n    node(id: $model) {\n      __typename\n      ... on Model {\n        id\n        exampleRow\n      }\n    }\n  }\n": types.AskByAliasDocument,
    "\n  mutation PromoteModel($input: PromoteModelInput!) {\n    promoteModel(input: $input) {\n      registeredModel {\n        id\n        ...AliasList_registered\n      }\n      userErrors {\n        message\n        field\n      }\n    }\n  }\n": types.PromoteModelDocument,
    "\n  query RegisteredNames {\n    registeredModels(first: 100) {\n      edges {\n        node {\n          id\n          name\n        }\n      }\n    }\n  }\n": types.RegisteredNamesDocument,
    "\n  mutation RegisterModel($input: RegisterModelInput!) {\n    registerModel(input: $input) {\n      registeredModel {\n        id\n        name\n        versions {\n          number\n          model {\n            id\n          }\n        }\n      }\n      userErrors {\n        message\n        field\n      }\n    }\n  }\n": types.RegisterModelDocument,
    "\n  fragment RegistryList_models on RegisteredModelConnection {\n    edges {\n      node {\n        id\n        name\n        createdAt\n        versions {\n          number\n        }\n        aliases {\n          alias\n          version\n        }\n      }\n    }\n  }\n": types.RegistryList_ModelsFragmentDoc,
    "\n  fragment VersionList_registered on RegisteredModel {\n    id\n    name\n    versions {\n      number\n      registeredAt\n      model {\n        id\n        target\n        deployed\n        deployable\n        job {\n          id\n          name\n          metric\n          score\n        }\n      }\n    }\n  }\n": types.VersionList_RegisteredFragmentDoc,
    "\n  mutation DeregisterModel($input: DeregisterModelInput!) {\n    deregisterModel(input: $input) {\n      deregisteredVersion\n      userErrors {\n        message\n      }\n    }\n  }\n": types.DeregisterModelDocument,
    "\n  query AdminLink {\n    viewer {\n      id\n      role\n    }\n  }\n": types.AdminLinkDocument,
    "\n  mutation SignIn($input: SignInInput!) {\n    signIn(input: $input) {\n      tokens {\n        accessToken\n        accessTokenExpiresAt\n        refreshToken\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": types.SignInDocument,
    "\n  fragment DeliveryList_webhook on Webhook {\n    id\n    deliveries {\n      messageId\n      event\n      state\n      attempts\n      status\n      error\n      createdAt\n      nextAttemptAt\n      sentAt\n      job {\n        id\n        name\n      }\n    }\n  }\n": types.DeliveryList_WebhookFragmentDoc,
    "\n  fragment EmailForm_user on User {\n    id\n    email\n  }\n": types.EmailForm_UserFragmentDoc,
    "\n  mutation UpdateEmail($input: UpdateEmailInput!) {\n    updateEmail(input: $input) {\n      user {\n        ...EmailForm_user\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": types.UpdateEmailDocument,
    "\n  fragment JobCosts_jobs on JobConnection {\n    edges {\n      node {\n        id\n        name\n        finishedAt\n        cost {\n          computeSeconds\n          amount\n          currency\n        }\n      }\n    }\n  }\n": types.JobCosts_JobsFragmentDoc,
    "\n  fragment NotificationSwitches_user on User {\n    id\n    notificationPreferences {\n      mail\n      completed\n      failed\n    }\n  }\n": types.NotificationSwitches_UserFragmentDoc,
    "\n  mutation UpdateNotificationPreferences($input: UpdateNotificationPreferencesInput!) {\n    updateNotificationPreferences(input: $input) {\n      user {\n        ...NotificationSwitches_user\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": types.UpdateNotificationPreferencesDocument,
    "\n  fragment PasswordForms_user on User {\n    id\n    email\n    hasPassword\n  }\n": types.PasswordForms_UserFragmentDoc,
    "\n  mutation SetPassword($input: SetPasswordInput!) {\n    setPassword(input: $input) {\n      user {\n        ...PasswordForms_user\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": types.SetPasswordDocument,
    "\n  mutation UpdatePassword($input: UpdatePasswordInput!) {\n    updatePassword(input: $input) {\n      userErrors {\n        message\n      }\n    }\n  }\n": types.UpdatePasswordDocument,
    "\n  fragment RateLimitFacts_limit on RateLimit {\n    limit\n    remaining\n    cost\n  }\n": types.RateLimitFacts_LimitFragmentDoc,
    "\n  fragment SessionList_user on User {\n    id\n    sessions {\n      id\n      client\n      createdAt\n      refreshedAt\n      expiresAt\n      isCurrent\n    }\n  }\n": types.SessionList_UserFragmentDoc,
    "\n  mutation EndSession($input: EndSessionInput!) {\n    endSession(input: $input) {\n      userErrors {\n        message\n      }\n    }\n  }\n": types.EndSessionDocument,
    "\n  mutation SignOut($input: SignOutInput!) {\n    signOut(input: $input) {\n      endedCount\n      userErrors {\n        message\n      }\n    }\n  }\n": types.SignOutDocument,
    "\n  fragment TokenList_user on User {\n    id\n    apiTokens {\n      id\n      name\n      scopes\n      createdAt\n      expiresAt\n      lastUsedAt\n    }\n  }\n": types.TokenList_UserFragmentDoc,
    "\n  mutation CreateApiToken($input: CreateApiTokenInput!) {\n    createApiToken(input: $input) {\n      secret\n      userErrors {\n        message\n      }\n    }\n  }\n": types.CreateApiTokenDocument,
    "\n  mutation DeleteApiToken($input: DeleteApiTokenInput!) {\n    deleteApiToken(input: $input) {\n      userErrors {\n        message\n      }\n    }\n  }\n": types.DeleteApiTokenDocument,
    "\n  fragment WebhookList_webhook on Webhook {\n    id\n    url\n    events\n    enabled\n    failingSince\n    disabledReason\n    deliveries {\n      messageId\n    }\n    ...DeliveryList_webhook\n  }\n": types.WebhookList_WebhookFragmentDoc,
    "\n  mutation CreateWebhook($input: CreateWebhookInput!) {\n    createWebhook(input: $input) {\n      secret\n      userErrors {\n        message\n        field\n      }\n    }\n  }\n": types.CreateWebhookDocument,
    "\n  mutation UpdateWebhook($input: UpdateWebhookInput!) {\n    updateWebhook(input: $input) {\n      webhook {\n        ...WebhookList_webhook\n      }\n      userErrors {\n        message\n        field\n      }\n    }\n  }\n": types.UpdateWebhookDocument,
    "\n  mutation TestWebhook($input: TestWebhookInput!) {\n    testWebhook(input: $input) {\n      userErrors {\n        message\n      }\n    }\n  }\n": types.TestWebhookDocument,
    "\n  mutation DeleteWebhook($input: DeleteWebhookInput!) {\n    deleteWebhook(input: $input) {\n      userErrors {\n        message\n      }\n    }\n  }\n": types.DeleteWebhookDocument,
    "\n  mutation CreateUpload($input: CreateUploadInput!) {\n    createUpload(input: $input) {\n      upload {\n        id\n        method\n        url\n        partSizeBytes\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": types.CreateUploadDocument,
    "\n  query UploadProgress($id: ID!) {\n    upload(id: $id) {\n      id\n      method\n      url\n      partSizeBytes\n      receivedBytes\n      sizeBytes\n      parts {\n        number\n      }\n    }\n  }\n": types.UploadProgressDocument,
    "\n  query UploadForm($id: ID!) {\n    upload(id: $id) {\n      id\n      url\n      formFields {\n        name\n        value\n      }\n    }\n  }\n": types.UploadFormDocument,
    "\n  mutation SignUploadParts($input: SignUploadPartsInput!) {\n    signUploadParts(input: $input) {\n      links {\n        number\n        url\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": types.SignUploadPartsDocument,
    "\n  mutation CompleteUpload($input: CompleteUploadInput!) {\n    completeUpload(input: $input) {\n      dataset {\n        id\n        name\n        state\n        version\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": types.CompleteUploadDocument,
    "\n  mutation CancelUpload($input: CancelUploadInput!) {\n    cancelUpload(input: $input) {\n      cancelledUploadId\n      userErrors {\n        message\n      }\n    }\n  }\n": types.CancelUploadDocument,
    "\n  mutation RefreshSession($input: RefreshSessionInput!) {\n    refreshSession(input: $input) {\n      tokens {\n        accessToken\n        accessTokenExpiresAt\n        refreshToken\n      }\n      userErrors {\n        code\n        message\n      }\n    }\n  }\n": types.RefreshSessionDocument,
    "\n  query AdminAudit($first: Int!, $after: String, $filter: AuditFilter, $personId: ID!, $withPerson: Boolean!) {\n    admin {\n      auditHead {\n        number\n        hash\n      }\n      auditLog(first: $first, after: $after, filter: $filter) {\n        ...AuditList_entries\n        pageInfo {\n          hasNextPage\n          endCursor\n        }\n      }\n      user(id: $personId) @include(if: $withPerson) {\n        id\n        name\n      }\n    }\n  }\n": types.AdminAuditDocument,
    "\n  query AdminJobs($first: Int!, $after: String, $filter: JobFilter, $person: ID, $personId: ID!, $withPerson: Boolean!) {\n    admin {\n      jobs(first: $first, after: $after, filter: $filter, ownerId: $person) {\n        ...AdminJobList_jobs\n        pageInfo {\n          hasNextPage\n          endCursor\n        }\n      }\n      user(id: $personId) @include(if: $withPerson) {\n        id\n        name\n      }\n    }\n  }\n": types.AdminJobsDocument,
    "\n  query AdminQueue {\n    admin {\n      queue {\n        ...QueueCard_queue\n      }\n      workers(first: 50) {\n        ...WorkersCard_workers\n      }\n      deadTasks(first: 20) {\n        ...DeadTasksCard_tasks\n      }\n    }\n  }\n": types.AdminQueueDocument,
    "\n  query AdminLimits {\n    admin {\n      limits {\n        ...ServerLimitsCard_limits\n      }\n    }\n  }\n": types.AdminLimitsDocument,
    "\n  query AdminPeople($first: Int!, $after: String, $filter: UserFilter) {\n    viewer {\n      id\n    }\n    admin {\n      limits {\n        ...PeopleList_limits\n      }\n      users(first: $first, after: $after, filter: $filter) {\n        ...PeopleList_users\n        pageInfo {\n          hasNextPage\n          endCursor\n        }\n      }\n    }\n  }\n": types.AdminPeopleDocument,
    "\n  query BatchPage($id: ID!, $first: Int!, $after: String) {\n    serverInfo {\n      uploadLimitBytes\n    }\n    node(id: $id) {\n      __typename\n      ... on Model {\n        id\n        name\n        target\n        job {\n          id\n          name\n        }\n        batchPredictions(first: $first, after: $after) {\n          edges {\n            node {\n              id\n              ...BatchCard_batch\n            }\n          }\n          pageInfo {\n            hasNextPage\n            endCursor\n          }\n        }\n      }\n    }\n  }\n": types.BatchPageDocument,
    "\n  query Compare($jobs: [ID!]!) {\n    comparison(jobIds: $jobs) {\n      sameHoldout\n      jobs {\n        id\n        name\n        state\n      }\n      metrics {\n        metric\n        higherIsBetter\n        values\n        best\n      }\n      settings {\n        name\n        values\n      }\n      importance {\n        column\n        values\n      }\n      ...RocOverlay_jobs\n    }\n  }\n": types.CompareDocument,
    "\n  query Configure($id: ID!) {\n    node(id: $id) {\n      __typename\n      ... on Dataset {\n        id\n        name\n        version\n        profile {\n          columns {\n            name\n          }\n        }\n        ...ConfigureForm_dataset\n      }\n    }\n  }\n": types.ConfigureDocument,
    "\n  query Dataset($id: ID!) {\n    node(id: $id) {\n      __typename\n      ... on Dataset {\n        id\n        state\n        error\n        version\n        ...DatasetHeading_dataset\n        profile {\n          columns {\n            name\n            role\n          }\n          ...DatasetFacts_profile\n          ...TargetPicker_profile\n          ...AssociationsCard_profile\n          ...ColumnTable_profile\n        }\n      }\n    }\n  }\n": types.DatasetDocument,
    "\n  query Datasets($first: Int!, $after: String, $filter: DatasetFilter, $orderBy: DatasetOrder) {\n    datasets(first: $first, after: $after, filter: $filter, orderBy: $orderBy) {\n      ...DatasetList_datasets\n      totalCount\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": types.DatasetsDocument,
    "\n  query History($first: Int!, $after: String, $filter: JobFilter, $orderBy: JobOrder) {\n    jobs(first: $first, after: $after, filter: $filter, orderBy: $orderBy) {\n      ...HistoryList_jobs\n      edges {\n        node {\n          id\n          state\n        }\n      }\n      totalCount\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": types.HistoryDocument,
    "\n  query Home($jobs: Int!, $jobsAfter: String, $datasets: Int!) {\n    serverInfo {\n      uploadLimitBytes\n      ...SampleList_info\n    }\n    jobs(first: $jobs, after: $jobsAfter) {\n      ...JobList_jobs\n      edges {\n        node {\n          id\n          state\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n    datasets(first: $datasets) {\n      ...DatasetList_datasets\n      edges {\n        node {\n          id\n        }\n      }\n    }\n  }\n": types.HomeDocument,
    "\n  query Job($id: ID!) {\n    node(id: $id) {\n      __typename\n      ... on Job {\n        id\n        name\n        state\n        error\n        version\n        target\n        notes\n        higherIsBetter\n        progress {\n          trialsFinished\n          trialsFailed\n        }\n        dataset {\n          id\n          name\n        }\n        ...JobActions_job\n        ...StepTimeline_job\n        ...JobProgressCard_job\n        ...BestSoFar_job\n        ...Leaderboard_job\n        ...SettingsCard_job\n        ...ExtendJob_job\n        ...CloneJob_job\n        ...NotesCard_job\n        ...JobLog_job\n        model {\n          id\n          ...Leaderboard_model\n        }\n      }\n    }\n  }\n": types.JobDocument,
    "\n  query PredictPage($id: ID!) {\n    node(id: $id) {\n      __typename\n      ... on Model {\n        id\n        name\n        target\n        deployed\n        job {\n          id\n          name\n        }\n        ...PredictForm_model\n      }\n    }\n  }\n": types.PredictPageDocument,
    "\n  query RegisteredModel($id: ID!) {\n    node(id: $id) {\n      __typename\n      ... on RegisteredModel {\n        id\n        name\n        aliases {\n          alias\n          version\n          previousVersion\n        }\n        versions {\n          number\n          model {\n            id\n            deployed\n            deployable\n          }\n        }\n        ...AliasList_registered\n        ...VersionList_registered\n      }\n    }\n  }\n": types.RegisteredModelDocument,
    "\n  query Registry($first: Int!, $after: String) {\n    registeredModels(first: $first, after: $after) {\n      ...RegistryList_models\n      edges {\n        node {\n          id\n        }\n      }\n      totalCount\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": types.RegistryDocument,
    "\n  mutation RequestPasswordReset($input: RequestPasswordResetInput!) {\n    requestPasswordReset(input: $input) {\n      accepted\n      userErrors {\n        message\n      }\n    }\n  }\n": types.RequestPasswordResetDocument,
    "\n  mutation ResetPassword($input: ResetPasswordInput!) {\n    resetPassword(input: $input) {\n      changed\n      userErrors {\n        message\n      }\n    }\n  }\n": types.ResetPasswordDocument,
    "\n  query Settings {\n    viewer {\n      id\n      ...EmailForm_user\n      ...NotificationSwitches_user\n      ...PasswordForms_user\n      ...SessionList_user\n    }\n  }\n": types.SettingsDocument,
    "\n  query SettingsPrograms {\n    viewer {\n      id\n      ...TokenList_user\n    }\n    webhooks {\n      id\n      deliveries {\n        messageId\n        state\n        createdAt\n      }\n      ...WebhookList_webhook\n    }\n  }\n": types.SettingsProgramsDocument,
    "\n  query SettingsLimits($jobs: Int!, $filter: JobFilter, $orderBy: JobOrder) {\n    viewer {\n      id\n      quotas {\n        ...QuotaList_quotas\n      }\n    }\n    rateLimit {\n      ...RateLimitFacts_limit\n    }\n    jobs(first: $jobs, filter: $filter, orderBy: $orderBy) {\n      ...JobCosts_jobs\n    }\n  }\n": types.SettingsLimitsDocument,
    "\n  mutation SignInWithCode($input: SignInWithCodeInput!) {\n    signInWithCode(input: $input) {\n      tokens {\n        accessToken\n        accessTokenExpiresAt\n        refreshToken\n      }\n      userErrors {\n        code\n        message\n      }\n    }\n  }\n": types.SignInWithCodeDocument,
    "\n  mutation SignUp($input: SignUpInput!) {\n    signUp(input: $input) {\n      accepted\n      userErrors {\n        message\n      }\n    }\n  }\n": types.SignUpDocument,
    "\n  mutation VerifyEmail($input: VerifyEmailInput!) {\n    verifyEmail(input: $input) {\n      verified\n      userErrors {\n        message\n      }\n    }\n  }\n": types.VerifyEmailDocument,
};

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 *
 *
 * @example
 * ```ts
 * const query = graphql(`query GetUser($id: ID!) { user(id: $id) { name } }`);
 * ```
 *
 * The query argument is unknown!
 * Please regenerate the types.
 */
export function graphql(source: string): unknown;

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment AdminJobList_jobs on JobConnection {\n    edges {\n      node {\n        id\n        name\n        state\n        version\n        target\n        error\n        metric\n        createdAt\n        owner {\n          id\n          name\n        }\n        cost {\n          computeSeconds\n          amount\n          currency\n        }\n        progress {\n          trialsFinished\n          bestScore\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  fragment AdminJobList_jobs on JobConnection {\n    edges {\n      node {\n        id\n        name\n        state\n        version\n        target\n        error\n        metric\n        createdAt\n        owner {\n          id\n          name\n        }\n        cost {\n          computeSeconds\n          amount\n          currency\n        }\n        progress {\n          trialsFinished\n          bestScore\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CancelAnyJob($input: CancelAnyJobInput!) {\n    cancelAnyJob(input: $input) {\n      job {\n        id\n        state\n        version\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation CancelAnyJob($input: CancelAnyJobInput!) {\n    cancelAnyJob(input: $input) {\n      job {\n        id\n        state\n        version\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment AuditList_entries on AuditEntryConnection {\n    edges {\n      node {\n        id\n        number\n        at\n        action\n        actorKind\n        subjectKind\n        subject\n        reason\n        before\n        after\n        address\n        actor {\n          id\n          name\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  fragment AuditList_entries on AuditEntryConnection {\n    edges {\n      node {\n        id\n        number\n        at\n        action\n        actorKind\n        subjectKind\n        subject\n        reason\n        before\n        after\n        address\n        actor {\n          id\n          name\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment DeadTasksCard_tasks on TaskConnection {\n    edges {\n      node {\n        id\n        kind\n        error\n        failures\n        crashes\n        updatedAt\n        owner {\n          id\n          name\n        }\n        job {\n          id\n          name\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  fragment DeadTasksCard_tasks on TaskConnection {\n    edges {\n      node {\n        id\n        kind\n        error\n        failures\n        crashes\n        updatedAt\n        owner {\n          id\n          name\n        }\n        job {\n          id\n          name\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RequeueTask($input: RequeueTaskInput!) {\n    requeueTask(input: $input) {\n      userErrors {\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation RequeueTask($input: RequeueTaskInput!) {\n    requeueTask(input: $input) {\n      userErrors {\n        message\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation PurgeDeadTasks($input: PurgeDeadTasksInput!) {\n    purgeDeadTasks(input: $input) {\n      purgedCount\n      userErrors {\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation PurgeDeadTasks($input: PurgeDeadTasksInput!) {\n    purgeDeadTasks(input: $input) {\n      purgedCount\n      userErrors {\n        message\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment PeopleList_users on UserConnection {\n    edges {\n      node {\n        id\n        name\n        email\n        role\n        suspendedAt\n        createdAt\n        quotas {\n          unfinishedJobs {\n            used\n          }\n        }\n        ...PersonDetails_user\n      }\n    }\n  }\n"): (typeof documents)["\n  fragment PeopleList_users on UserConnection {\n    edges {\n      node {\n        id\n        name\n        email\n        role\n        suspendedAt\n        createdAt\n        quotas {\n          unfinishedJobs {\n            used\n          }\n        }\n        ...PersonDetails_user\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment PeopleList_limits on ServerLimits {\n    ...PersonDetails_limits\n  }\n"): (typeof documents)["\n  fragment PeopleList_limits on ServerLimits {\n    ...PersonDetails_limits\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation SuspendUser($input: SuspendUserInput!) {\n    suspendUser(input: $input) {\n      user {\n        id\n        suspendedAt\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation SuspendUser($input: SuspendUserInput!) {\n    suspendUser(input: $input) {\n      user {\n        id\n        suspendedAt\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RestoreUser($input: RestoreUserInput!) {\n    restoreUser(input: $input) {\n      user {\n        id\n        suspendedAt\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation RestoreUser($input: RestoreUserInput!) {\n    restoreUser(input: $input) {\n      user {\n        id\n        suspendedAt\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation SetUserRole($input: SetUserRoleInput!) {\n    setUserRole(input: $input) {\n      user {\n        id\n        role\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation SetUserRole($input: SetUserRoleInput!) {\n    setUserRole(input: $input) {\n      user {\n        id\n        role\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RevokeUserSessions($input: RevokeUserSessionsInput!) {\n    revokeUserSessions(input: $input) {\n      userErrors {\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation RevokeUserSessions($input: RevokeUserSessionsInput!) {\n    revokeUserSessions(input: $input) {\n      userErrors {\n        message\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment PersonDetails_user on User {\n    id\n    name\n    quotas {\n      ...QuotaList_quotas\n      ...QuotaDialog_quotas\n    }\n  }\n"): (typeof documents)["\n  fragment PersonDetails_user on User {\n    id\n    name\n    quotas {\n      ...QuotaList_quotas\n      ...QuotaDialog_quotas\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment PersonDetails_limits on ServerLimits {\n    ...QuotaDialog_limits\n  }\n"): (typeof documents)["\n  fragment PersonDetails_limits on ServerLimits {\n    ...QuotaDialog_limits\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ClaimDefaultData($input: ClaimDefaultDataInput!) {\n    claimDefaultData(input: $input) {\n      claimedRows\n      userErrors {\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation ClaimDefaultData($input: ClaimDefaultDataInput!) {\n    claimDefaultData(input: $input) {\n      claimedRows\n      userErrors {\n        message\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment QueueCard_queue on TaskQueue {\n    queued\n    running\n    dead\n    oldestQueuedAt\n    isPaused\n    workers\n    slots\n    version\n    byKind {\n      kind\n      queued\n      running\n    }\n    pauses {\n      kind\n      capability\n      reason\n      pausedAt\n    }\n  }\n"): (typeof documents)["\n  fragment QueueCard_queue on TaskQueue {\n    queued\n    running\n    dead\n    oldestQueuedAt\n    isPaused\n    workers\n    slots\n    version\n    byKind {\n      kind\n      queued\n      running\n    }\n    pauses {\n      kind\n      capability\n      reason\n      pausedAt\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation PauseQueue($input: PauseQueueInput!) {\n    pauseQueue(input: $input) {\n      userErrors {\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation PauseQueue($input: PauseQueueInput!) {\n    pauseQueue(input: $input) {\n      userErrors {\n        message\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ResumeQueue($input: ResumeQueueInput!) {\n    resumeQueue(input: $input) {\n      userErrors {\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation ResumeQueue($input: ResumeQueueInput!) {\n    resumeQueue(input: $input) {\n      userErrors {\n        message\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment QuotaDialog_quotas on Quotas {\n    unfinishedJobs {\n      limit\n    }\n    jobsPerDay {\n      limit\n    }\n    computeSecondsPerDay {\n      limit\n    }\n    storedBytes {\n      limit\n    }\n    jobBudgetSeconds {\n      limit\n    }\n  }\n"): (typeof documents)["\n  fragment QuotaDialog_quotas on Quotas {\n    unfinishedJobs {\n      limit\n    }\n    jobsPerDay {\n      limit\n    }\n    computeSecondsPerDay {\n      limit\n    }\n    storedBytes {\n      limit\n    }\n    jobBudgetSeconds {\n      limit\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment QuotaDialog_limits on ServerLimits {\n    unfinishedJobs\n    jobsPerDay\n    computeSecondsPerDay\n    storedBytes\n    jobBudgetSeconds\n  }\n"): (typeof documents)["\n  fragment QuotaDialog_limits on ServerLimits {\n    unfinishedJobs\n    jobsPerDay\n    computeSecondsPerDay\n    storedBytes\n    jobBudgetSeconds\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation SetUserQuota($input: SetUserQuotaInput!) {\n    setUserQuota(input: $input) {\n      user {\n        id\n        quotas {\n          ...QuotaList_quotas\n        }\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation SetUserQuota($input: SetUserQuotaInput!) {\n    setUserQuota(input: $input) {\n      user {\n        id\n        quotas {\n          ...QuotaList_quotas\n        }\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment ServerLimitsCard_limits on ServerLimits {\n    unfinishedJobs\n    jobsPerDay\n    computeSecondsPerDay\n    storedBytes\n    jobBudgetSeconds\n    uploadBytes\n    pricePerHour\n    currency\n  }\n"): (typeof documents)["\n  fragment ServerLimitsCard_limits on ServerLimits {\n    unfinishedJobs\n    jobsPerDay\n    computeSecondsPerDay\n    storedBytes\n    jobBudgetSeconds\n    uploadBytes\n    pricePerHour\n    currency\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment WorkersCard_workers on WorkerConnection {\n    edges {\n      node {\n        id\n        name\n        host\n        version\n        device\n        slots\n        threads\n        memoryBytes\n        seenAt\n        startedAt\n        isDraining\n        tasks {\n          id\n          kind\n          job {\n            id\n            name\n          }\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  fragment WorkersCard_workers on WorkerConnection {\n    edges {\n      node {\n        id\n        name\n        host\n        version\n        device\n        slots\n        threads\n        memoryBytes\n        seenAt\n        startedAt\n        isDraining\n        tasks {\n          id\n          kind\n          job {\n            id\n            name\n          }\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DrainWorker($input: DrainWorkerInput!) {\n    drainWorker(input: $input) {\n      worker {\n        id\n        isDraining\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation DrainWorker($input: DrainWorkerInput!) {\n    drainWorker(input: $input) {\n      worker {\n        id\n        isDraining\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation TakeTask($input: RequeueTaskInput!) {\n    requeueTask(input: $input) {\n      userErrors {\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation TakeTask($input: RequeueTaskInput!) {\n    requeueTask(input: $input) {\n      userErrors {\n        message\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment BatchCard_batch on BatchPrediction {\n    id\n    version\n    fileName\n    sizeBytes\n    state\n    error\n    createdAt\n    progress {\n      rowsDone\n      rowsInError\n      share\n    }\n    ...BatchReport_batch\n  }\n"): (typeof documents)["\n  fragment BatchCard_batch on BatchPrediction {\n    id\n    version\n    fileName\n    sizeBytes\n    state\n    error\n    createdAt\n    progress {\n      rowsDone\n      rowsInError\n      share\n    }\n    ...BatchReport_batch\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query BatchLinks($id: ID!) {\n    node(id: $id) {\n      __typename\n      ... on BatchPrediction {\n        id\n        downloads {\n          format\n          fileName\n          url\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query BatchLinks($id: ID!) {\n    node(id: $id) {\n      __typename\n      ... on BatchPrediction {\n        id\n        downloads {\n          format\n          fileName\n          url\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CancelBatchPrediction($input: CancelBatchPredictionInput!) {\n    cancelBatchPrediction(input: $input) {\n      userErrors {\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation CancelBatchPrediction($input: CancelBatchPredictionInput!) {\n    cancelBatchPrediction(input: $input) {\n      userErrors {\n        message\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DeleteBatchPrediction($input: DeleteBatchPredictionInput!) {\n    deleteBatchPrediction(input: $input) {\n      userErrors {\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation DeleteBatchPrediction($input: DeleteBatchPredictionInput!) {\n    deleteBatchPrediction(input: $input) {\n      userErrors {\n        message\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment BatchLive_version on BatchPrediction {\n    id\n    version\n  }\n"): (typeof documents)["\n  fragment BatchLive_version on BatchPrediction {\n    id\n    version\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription BatchUpdated($id: ID!) {\n    batchPredictionUpdated(id: $id) {\n      ...BatchLive_version\n      id\n      state\n      error\n      progress {\n        rowsDone\n        rowsInError\n        share\n      }\n    }\n  }\n"): (typeof documents)["\n  subscription BatchUpdated($id: ID!) {\n    batchPredictionUpdated(id: $id) {\n      ...BatchLive_version\n      id\n      state\n      error\n      progress {\n        rowsDone\n        rowsInError\n        share\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment BatchReport_batch on BatchPrediction {\n    id\n    report {\n      rows\n      rowsInError\n      warnings\n      rowErrors {\n        row\n        column\n        message\n      }\n      evaluationAbsent\n      evaluation {\n        rows\n        metrics {\n          metric\n          value\n          holdout\n        }\n      }\n      drift {\n        absent\n        columns {\n          column\n          psi\n          level\n          absent\n          missingShare\n          trainingMissingShare\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  fragment BatchReport_batch on BatchPrediction {\n    id\n    report {\n      rows\n      rowsInError\n      warnings\n      rowErrors {\n        row\n        column\n        message\n      }\n      evaluationAbsent\n      evaluation {\n        rows\n        metrics {\n          metric\n          value\n          holdout\n        }\n      }\n      drift {\n        absent\n        columns {\n          column\n          psi\n          level\n          absent\n          missingShare\n          trainingMissingShare\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CreateBatchPrediction($input: CreateBatchPredictionInput!) {\n    createBatchPrediction(input: $input) {\n      batchPrediction {\n        id\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation CreateBatchPrediction($input: CreateBatchPredictionInput!) {\n    createBatchPrediction(input: $input) {\n      batchPrediction {\n        id\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment RocOverlay_jobs on JobComparison {\n    jobs {\n      id\n      name\n      model {\n        id\n        evaluation {\n          roc {\n            x\n            y\n          }\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  fragment RocOverlay_jobs on JobComparison {\n    jobs {\n      id\n      name\n      model {\n        id\n        evaluation {\n          roc {\n            x\n            y\n          }\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment AssociationsCard_profile on DatasetProfile {\n    associations {\n      left\n      right\n      value\n      measuredBy\n    }\n  }\n"): (typeof documents)["\n  fragment AssociationsCard_profile on DatasetProfile {\n    associations {\n      left\n      right\n      value\n      measuredBy\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment ColumnPanel_column on ColumnProfile {\n    name\n    evidence\n    missing\n    distinct\n    min\n    max\n    mean\n    sd\n    median\n    quantiles\n    outliers\n    topValues {\n      value\n      count\n    }\n    histogram {\n      from\n      to\n      count\n    }\n    samples\n  }\n"): (typeof documents)["\n  fragment ColumnPanel_column on ColumnProfile {\n    name\n    evidence\n    missing\n    distinct\n    min\n    max\n    mean\n    sd\n    median\n    quantiles\n    outliers\n    topValues {\n      value\n      count\n    }\n    histogram {\n      from\n      to\n      count\n    }\n    samples\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment ColumnSummary_column on ColumnProfile {\n    name\n    min\n    max\n    topValues {\n      value\n      count\n    }\n    histogram {\n      from\n      to\n      count\n    }\n    samples\n  }\n"): (typeof documents)["\n  fragment ColumnSummary_column on ColumnProfile {\n    name\n    min\n    max\n    topValues {\n      value\n      count\n    }\n    histogram {\n      from\n      to\n      count\n    }\n    samples\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment ColumnTable_profile on DatasetProfile {\n    rows\n    columns {\n      name\n      role\n      valueKind\n      missing\n      warnings\n    }\n  }\n"): (typeof documents)["\n  fragment ColumnTable_profile on DatasetProfile {\n    rows\n    columns {\n      name\n      role\n      valueKind\n      missing\n      warnings\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment DatasetFacts_profile on DatasetProfile {\n    rows\n    sampledRows\n    duplicateRows\n    warnings\n    format {\n      type\n      delimiter\n      textEncoding\n      header\n      compressedBy\n    }\n    columns {\n      missing\n    }\n  }\n"): (typeof documents)["\n  fragment DatasetFacts_profile on DatasetProfile {\n    rows\n    sampledRows\n    duplicateRows\n    warnings\n    format {\n      type\n      delimiter\n      textEncoding\n      header\n      compressedBy\n    }\n    columns {\n      missing\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment DatasetHeading_dataset on Dataset {\n    id\n    name\n    fileName\n    sizeBytes\n    state\n    version\n    jobs(first: 1) {\n      totalCount\n    }\n  }\n"): (typeof documents)["\n  fragment DatasetHeading_dataset on Dataset {\n    id\n    name\n    fileName\n    sizeBytes\n    state\n    version\n    jobs(first: 1) {\n      totalCount\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RenameDataset($input: RenameDatasetInput!) {\n    renameDataset(input: $input) {\n      dataset {\n        id\n        name\n        version\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation RenameDataset($input: RenameDatasetInput!) {\n    renameDataset(input: $input) {\n      dataset {\n        id\n        name\n        version\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RemoveDataset($input: DeleteDatasetInput!) {\n    deleteDataset(input: $input) {\n      deletedId\n      userErrors {\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation RemoveDataset($input: DeleteDatasetInput!) {\n    deleteDataset(input: $input) {\n      deletedId\n      userErrors {\n        message\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment DatasetList_datasets on DatasetConnection {\n    edges {\n      node {\n        id\n        name\n        state\n        sizeBytes\n        createdAt\n        profile {\n          rows\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  fragment DatasetList_datasets on DatasetConnection {\n    edges {\n      node {\n        id\n        name\n        state\n        sizeBytes\n        createdAt\n        profile {\n          rows\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DeleteDataset($input: DeleteDatasetInput!) {\n    deleteDataset(input: $input) {\n      deletedId\n      userErrors {\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation DeleteDataset($input: DeleteDatasetInput!) {\n    deleteDataset(input: $input) {\n      deletedId\n      userErrors {\n        message\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription DatasetUpdated($id: ID!) {\n    datasetUpdated(id: $id) {\n      id\n      state\n      error\n      version\n    }\n  }\n"): (typeof documents)["\n  subscription DatasetUpdated($id: ID!) {\n    datasetUpdated(id: $id) {\n      id\n      state\n      error\n      version\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query DatasetPreview($id: ID!, $columns: [String!]!) {\n    node(id: $id) {\n      __typename\n      ... on Dataset {\n        id\n        profile {\n          preview(columns: $columns)\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query DatasetPreview($id: ID!, $columns: [String!]!) {\n    node(id: $id) {\n      __typename\n      ... on Dataset {\n        id\n        profile {\n          preview(columns: $columns)\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query DatasetReport($id: ID!) {\n    node(id: $id) {\n      __typename\n      ... on Dataset {\n        id\n        report {\n          fileName\n          url\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query DatasetReport($id: ID!) {\n    node(id: $id) {\n      __typename\n      ... on Dataset {\n        id\n        report {\n          fileName\n          url\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment SampleList_info on ServerInfo {\n    samples {\n      key\n      title\n      description\n      target\n      rows\n    }\n  }\n"): (typeof documents)["\n  fragment SampleList_info on ServerInfo {\n    samples {\n      key\n      title\n      description\n      target\n      rows\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CreateSample($input: CreateSampleDatasetInput!) {\n    createSampleDataset(input: $input) {\n      dataset {\n        id\n        name\n        state\n        version\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation CreateSample($input: CreateSampleDatasetInput!) {\n    createSampleDataset(input: $input) {\n      dataset {\n        id\n        name\n        state\n        version\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment TargetPicker_profile on DatasetProfile {\n    rows\n    columns {\n      name\n      role\n      missing\n    }\n  }\n"): (typeof documents)["\n  fragment TargetPicker_profile on DatasetProfile {\n    rows\n    columns {\n      name\n      role\n      missing\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment TargetValues_column on ColumnProfile {\n    name\n    missing\n    distinct\n    mean\n    median\n    sd\n    topValues {\n      value\n      count\n    }\n    histogram {\n      from\n      to\n      count\n    }\n    asTarget {\n      ambiguous\n    }\n  }\n"): (typeof documents)["\n  fragment TargetValues_column on ColumnProfile {\n    name\n    missing\n    distinct\n    mean\n    median\n    sd\n    topValues {\n      value\n      count\n    }\n    histogram {\n      from\n      to\n      count\n    }\n    asTarget {\n      ambiguous\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ColumnDetails($id: ID!, $names: [String!]) {\n    node(id: $id) {\n      __typename\n      ... on Dataset {\n        id\n        profile {\n          columns(names: $names) {\n            name\n            evidence\n            distinct\n            mean\n            median\n            ...ColumnSummary_column\n            ...ColumnPanel_column\n            ...TargetValues_column\n          }\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query ColumnDetails($id: ID!, $names: [String!]) {\n    node(id: $id) {\n      __typename\n      ... on Dataset {\n        id\n        profile {\n          columns(names: $names) {\n            name\n            evidence\n            distinct\n            mean\n            median\n            ...ColumnSummary_column\n            ...ColumnPanel_column\n            ...TargetValues_column\n          }\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query TargetAdvice($id: ID!) {\n    node(id: $id) {\n      __typename\n      ... on Dataset {\n        id\n        profile {\n          columns {\n            asTarget {\n              usable\n              problem\n              reason\n            }\n          }\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query TargetAdvice($id: ID!) {\n    node(id: $id) {\n      __typename\n      ... on Dataset {\n        id\n        profile {\n          columns {\n            asTarget {\n              usable\n              problem\n              reason\n            }\n          }\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CancelJobs($input: CancelJobsInput!) {\n    cancelJobs(input: $input) {\n      outcomes {\n        jobId\n        job {\n          id\n          state\n          version\n        }\n        userErrors {\n          message\n        }\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation CancelJobs($input: CancelJobsInput!) {\n    cancelJobs(input: $input) {\n      outcomes {\n        jobId\n        job {\n          id\n          state\n          version\n        }\n        userErrors {\n          message\n        }\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DeleteJobs($input: DeleteJobsInput!) {\n    deleteJobs(input: $input) {\n      outcomes {\n        jobId\n        userErrors {\n          message\n        }\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation DeleteJobs($input: DeleteJobsInput!) {\n    deleteJobs(input: $input) {\n      outcomes {\n        jobId\n        userErrors {\n          message\n        }\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation TagJobs($input: TagJobsInput!) {\n    tagJobs(input: $input) {\n      outcomes {\n        jobId\n        job {\n          id\n          version\n          tags\n        }\n        userErrors {\n          message\n        }\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation TagJobs($input: TagJobsInput!) {\n    tagJobs(input: $input) {\n      outcomes {\n        jobId\n        job {\n          id\n          version\n          tags\n        }\n        userErrors {\n          message\n        }\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment HistoryList_jobs on JobConnection {\n    edges {\n      node {\n        id\n        name\n        state\n        version\n        target\n        metric\n        score\n        tags\n        annotation\n        createdAt\n        dataset {\n          id\n          name\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  fragment HistoryList_jobs on JobConnection {\n    edges {\n      node {\n        id\n        name\n        state\n        version\n        target\n        metric\n        score\n        tags\n        annotation\n        createdAt\n        dataset {\n          id\n          name\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment AskedFacts_settings on JobSettings {\n    roles {\n      column\n      role\n    }\n    validation {\n      kind\n      folds\n      column\n    }\n    weightColumn\n    threshold {\n      goal\n      atLeast\n    }\n    monotone {\n      column\n      direction\n    }\n    maxLatencyMilliseconds\n  }\n"): (typeof documents)["\n  fragment AskedFacts_settings on JobSettings {\n    roles {\n      column\n      role\n    }\n    validation {\n      kind\n      folds\n      column\n    }\n    weightColumn\n    threshold {\n      goal\n      atLeast\n    }\n    monotone {\n      column\n      direction\n    }\n    maxLatencyMilliseconds\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query AskedSettings($id: ID!) {\n    node(id: $id) {\n      __typename\n      ... on Job {\n        id\n        settings {\n          ...AskedFacts_settings\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query AskedSettings($id: ID!) {\n    node(id: $id) {\n      __typename\n      ... on Job {\n        id\n        settings {\n          ...AskedFacts_settings\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment BestSoFar_job on Job {\n    id\n    metric\n    higherIsBetter\n    startedAt\n  }\n"): (typeof documents)["\n  fragment BestSoFar_job on Job {\n    id\n    metric\n    higherIsBetter\n    startedAt\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment CloneJob_job on Job {\n    id\n    problem\n    metric\n    settings {\n      budgetSeconds\n      preset\n      seed\n    }\n  }\n"): (typeof documents)["\n  fragment CloneJob_job on Job {\n    id\n    problem\n    metric\n    settings {\n      budgetSeconds\n      preset\n      seed\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CloneJob($input: CloneJobInput!) {\n    cloneJob(input: $input) {\n      job {\n        id\n        name\n        state\n        version\n      }\n      userErrors {\n        message\n        field\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation CloneJob($input: CloneJobInput!) {\n    cloneJob(input: $input) {\n      job {\n        id\n        name\n        state\n        version\n      }\n      userErrors {\n        message\n        field\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ColumnEvidence($id: ID!) {\n    node(id: $id) {\n      __typename\n      ... on Dataset {\n        id\n        profile {\n          columns {\n            name\n            evidence\n          }\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query ColumnEvidence($id: ID!) {\n    node(id: $id) {\n      __typename\n      ... on Dataset {\n        id\n        profile {\n          columns {\n            name\n            evidence\n          }\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment ConfigureForm_dataset on Dataset {\n    id\n    profile {\n      rows\n      columns {\n        name\n        role\n        valueKind\n        missing\n        distinct\n      }\n    }\n  }\n"): (typeof documents)["\n  fragment ConfigureForm_dataset on Dataset {\n    id\n    profile {\n      rows\n      columns {\n        name\n        role\n        valueKind\n        missing\n        distinct\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CreateJob($input: CreateJobInput!) {\n    createJob(input: $input) {\n      job {\n        id\n        name\n        state\n        version\n      }\n      userErrors {\n        message\n        field\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation CreateJob($input: CreateJobInput!) {\n    createJob(input: $input) {\n      job {\n        id\n        name\n        state\n        version\n      }\n      userErrors {\n        message\n        field\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment ExtendJob_job on Job {\n    id\n    state\n    version\n    settings {\n      budgetSeconds\n    }\n    progress {\n      secondsElapsed\n    }\n  }\n"): (typeof documents)["\n  fragment ExtendJob_job on Job {\n    id\n    state\n    version\n    settings {\n      budgetSeconds\n    }\n    progress {\n      secondsElapsed\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ExtendJob($input: ExtendJobInput!) {\n    extendJob(input: $input) {\n      job {\n        ...ExtendJob_job\n        ...JobActions_job\n        ...StepTimeline_job\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation ExtendJob($input: ExtendJobInput!) {\n    extendJob(input: $input) {\n      job {\n        ...ExtendJob_job\n        ...JobActions_job\n        ...StepTimeline_job\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment JobActions_job on Job {\n    id\n    name\n    state\n    version\n    progress {\n      trialsFinished\n    }\n  }\n"): (typeof documents)["\n  fragment JobActions_job on Job {\n    id\n    name\n    state\n    version\n    progress {\n      trialsFinished\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CancelJob($input: CancelJobInput!) {\n    cancelJob(input: $input) {\n      job {\n        ...JobActions_job\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation CancelJob($input: CancelJobInput!) {\n    cancelJob(input: $input) {\n      job {\n        ...JobActions_job\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation FinishJob($input: FinishJobInput!) {\n    finishJob(input: $input) {\n      job {\n        ...JobActions_job\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation FinishJob($input: FinishJobInput!) {\n    finishJob(input: $input) {\n      job {\n        ...JobActions_job\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DeleteJob($input: DeleteJobInput!) {\n    deleteJob(input: $input) {\n      deletedId\n      userErrors {\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation DeleteJob($input: DeleteJobInput!) {\n    deleteJob(input: $input) {\n      deletedId\n      userErrors {\n        message\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment JobList_jobs on JobConnection {\n    edges {\n      node {\n        id\n        name\n        state\n        version\n        target\n        metric\n        score\n        createdAt\n        progress {\n          trialsFinished\n          bestScore\n        }\n        dataset {\n          id\n          name\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  fragment JobList_jobs on JobConnection {\n    edges {\n      node {\n        id\n        name\n        state\n        version\n        target\n        metric\n        score\n        createdAt\n        progress {\n          trialsFinished\n          bestScore\n        }\n        dataset {\n          id\n          name\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment JobLive_version on Job {\n    id\n    version\n    state\n  }\n"): (typeof documents)["\n  fragment JobLive_version on Job {\n    id\n    version\n    state\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment JobLive_job on Job {\n    ...JobLive_version\n    error\n    notes\n    ...JobActions_job\n    ...StepTimeline_job\n    ...JobProgressCard_job\n    ...BestSoFar_job\n    ...Leaderboard_job\n    ...SettingsCard_job\n    ...ExtendJob_job\n    ...CloneJob_job\n    ...JobLog_job\n  }\n"): (typeof documents)["\n  fragment JobLive_job on Job {\n    ...JobLive_version\n    error\n    notes\n    ...JobActions_job\n    ...StepTimeline_job\n    ...JobProgressCard_job\n    ...BestSoFar_job\n    ...Leaderboard_job\n    ...SettingsCard_job\n    ...ExtendJob_job\n    ...CloneJob_job\n    ...JobLog_job\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription JobUpdated($id: ID!) {\n    jobUpdated(id: $id) {\n      ...JobLive_job\n    }\n  }\n"): (typeof documents)["\n  subscription JobUpdated($id: ID!) {\n    jobUpdated(id: $id) {\n      ...JobLive_job\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment JobLog_job on Job {\n    id\n    createdAt\n    higherIsBetter\n    steps {\n      name\n      state\n      startedAt\n      finishedAt\n    }\n  }\n"): (typeof documents)["\n  fragment JobLog_job on Job {\n    id\n    createdAt\n    higherIsBetter\n    steps {\n      name\n      state\n      startedAt\n      finishedAt\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment JobProgressCard_job on Job {\n    id\n    state\n    metric\n    settings {\n      budgetSeconds\n    }\n    progress {\n      trialsFinished\n      trialsRunning\n      trialsFailed\n      bestScore\n      bestTrial\n      secondsElapsed\n      secondsLeft\n    }\n  }\n"): (typeof documents)["\n  fragment JobProgressCard_job on Job {\n    id\n    state\n    metric\n    settings {\n      budgetSeconds\n    }\n    progress {\n      trialsFinished\n      trialsRunning\n      trialsFailed\n      bestScore\n      bestTrial\n      secondsElapsed\n      secondsLeft\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment Leaderboard_job on Job {\n    id\n    metric\n    higherIsBetter\n  }\n"): (typeof documents)["\n  fragment Leaderboard_job on Job {\n    id\n    metric\n    higherIsBetter\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment Leaderboard_model on Model {\n    id\n    members {\n      name\n      weight\n    }\n  }\n"): (typeof documents)["\n  fragment Leaderboard_model on Model {\n    id\n    members {\n      name\n      weight\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment NotesCard_job on Job {\n    id\n    version\n    tags\n    annotation\n  }\n"): (typeof documents)["\n  fragment NotesCard_job on Job {\n    id\n    version\n    tags\n    annotation\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation TagJob($input: TagJobsInput!) {\n    tagJobs(input: $input) {\n      outcomes {\n        jobId\n        job {\n          ...NotesCard_job\n        }\n        userErrors {\n          message\n        }\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation TagJob($input: TagJobsInput!) {\n    tagJobs(input: $input) {\n      outcomes {\n        jobId\n        job {\n          ...NotesCard_job\n        }\n        userErrors {\n          message\n        }\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation AnnotateJob($input: AnnotateJobInput!) {\n    annotateJob(input: $input) {\n      job {\n        ...NotesCard_job\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation AnnotateJob($input: AnnotateJobInput!) {\n    annotateJob(input: $input) {\n      job {\n        ...NotesCard_job\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RetryJob($input: RetryJobInput!) {\n    retryJob(input: $input) {\n      job {\n        error\n        ...JobActions_job\n        ...StepTimeline_job\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation RetryJob($input: RetryJobInput!) {\n    retryJob(input: $input) {\n      job {\n        error\n        ...JobActions_job\n        ...StepTimeline_job\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment SettingsCard_job on Job {\n    id\n    problem\n    metric\n    finishedAt\n    cost {\n      computeSeconds\n      amount\n      currency\n    }\n    progress {\n      secondsElapsed\n    }\n    settings {\n      budgetSeconds\n      preset\n      seed\n      exclude\n      gpu\n    }\n  }\n"): (typeof documents)["\n  fragment SettingsCard_job on Job {\n    id\n    problem\n    metric\n    finishedAt\n    cost {\n      computeSeconds\n      amount\n      currency\n    }\n    progress {\n      secondsElapsed\n    }\n    settings {\n      budgetSeconds\n      preset\n      seed\n      exclude\n      gpu\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment StepTimeline_job on Job {\n    id\n    steps {\n      name\n      state\n      startedAt\n      finishedAt\n      error\n      attempts\n      retryAt\n    }\n  }\n"): (typeof documents)["\n  fragment StepTimeline_job on Job {\n    id\n    steps {\n      name\n      state\n      startedAt\n      finishedAt\n      error\n      attempts\n      retryAt\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query TrialDialog($id: ID!) {\n    node(id: $id) {\n      __typename\n      ... on Trial {\n        id\n        number\n        name\n        learner\n        state\n        error\n        device\n        notes\n        parameters\n        score\n        scoreSd\n        foldScores\n        fitSeconds\n        predictMicrosecondsPerRow\n        rounds\n        stopReason\n        curve {\n          round\n          loss\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query TrialDialog($id: ID!) {\n    node(id: $id) {\n      __typename\n      ... on Trial {\n        id\n        number\n        name\n        learner\n        state\n        error\n        device\n        notes\n        parameters\n        score\n        scoreSd\n        foldScores\n        fitSeconds\n        predictMicrosecondsPerRow\n        rounds\n        stopReason\n        curve {\n          round\n          loss\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Ensembles($job: ID!) {\n    node(id: $job) {\n      __typename\n      ... on Job {\n        id\n        leaderboard(kinds: [ENSEMBLE, ALTERNATIVE]) {\n          kind\n          name\n          score\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query Ensembles($job: ID!) {\n    node(id: $job) {\n      __typename\n      ... on Job {\n        id\n        leaderboard(kinds: [ENSEMBLE, ALTERNATIVE]) {\n          kind\n          name\n          score\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query JobEstimate($input: CreateJobInput!) {\n    jobEstimate(input: $input) {\n      forecast {\n        trainingRows\n        holdoutRows\n        folds\n        trials {\n          low\n          high\n        }\n        seconds {\n          low\n          high\n        }\n        memoryBytes {\n          low\n          high\n        }\n        measured\n        learners {\n          title\n        }\n        notes\n      }\n      userErrors {\n        message\n        field\n      }\n    }\n  }\n"): (typeof documents)["\n  query JobEstimate($input: CreateJobInput!) {\n    jobEstimate(input: $input) {\n      forecast {\n        trainingRows\n        holdoutRows\n        folds\n        trials {\n          low\n          high\n        }\n        seconds {\n          low\n          high\n        }\n        memoryBytes {\n          low\n          high\n        }\n        measured\n        learners {\n          title\n        }\n        notes\n      }\n      userErrors {\n        message\n        field\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment UseTrials_trial on Trial {\n    id\n    number\n    name\n    learner\n    state\n    error\n    version\n    score\n    scoreSd\n    fitSeconds\n    startedAt\n    finishedAt\n  }\n"): (typeof documents)["\n  fragment UseTrials_trial on Trial {\n    id\n    number\n    name\n    learner\n    state\n    error\n    version\n    score\n    scoreSd\n    fitSeconds\n    startedAt\n    finishedAt\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment UseTrials_live on Trial {\n    id\n    number\n    name\n    learner\n    state\n    error\n    version\n    score\n    scoreSd\n    fitSeconds\n    startedAt\n    finishedAt\n    curve {\n      round\n      loss\n    }\n  }\n"): (typeof documents)["\n  fragment UseTrials_live on Trial {\n    id\n    number\n    name\n    learner\n    state\n    error\n    version\n    score\n    scoreSd\n    fitSeconds\n    startedAt\n    finishedAt\n    curve {\n      round\n      loss\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Trials($job: ID!, $after: String, $orderBy: TrialOrder) {\n    node(id: $job) {\n      __typename\n      ... on Job {\n        id\n        trials(first: 100, after: $after, orderBy: $orderBy) {\n          edges {\n            node {\n              ...UseTrials_trial\n            }\n          }\n          pageInfo {\n            hasNextPage\n            endCursor\n          }\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query Trials($job: ID!, $after: String, $orderBy: TrialOrder) {\n    node(id: $job) {\n      __typename\n      ... on Job {\n        id\n        trials(first: 100, after: $after, orderBy: $orderBy) {\n          edges {\n            node {\n              ...UseTrials_trial\n            }\n          }\n          pageInfo {\n            hasNextPage\n            endCursor\n          }\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query RunningTrials($job: ID!, $filter: TrialFilter) {\n    node(id: $job) {\n      __typename\n      ... on Job {\n        id\n        trials(first: 8, filter: $filter) {\n          edges {\n            node {\n              ...UseTrials_live\n            }\n          }\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query RunningTrials($job: ID!, $filter: TrialFilter) {\n    node(id: $job) {\n      __typename\n      ... on Job {\n        id\n        trials(first: 8, filter: $filter) {\n          edges {\n            node {\n              ...UseTrials_live\n            }\n          }\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription TrialUpdated($job: ID!) {\n    trialUpdated(jobId: $job) {\n      ...UseTrials_live\n    }\n  }\n"): (typeof documents)["\n  subscription TrialUpdated($job: ID!) {\n    trialUpdated(jobId: $job) {\n      ...UseTrials_live\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment AttributionCard_evaluation on Evaluation {\n    attributionRows\n    attribution {\n      column\n      meanAbsolute\n    }\n  }\n"): (typeof documents)["\n  fragment AttributionCard_evaluation on Evaluation {\n    attributionRows\n    attribution {\n      column\n      meanAbsolute\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment CalibrationCard_evaluation on Evaluation {\n    calibration {\n      predicted\n      actual\n      count\n    }\n  }\n"): (typeof documents)["\n  fragment CalibrationCard_evaluation on Evaluation {\n    calibration {\n      predicted\n      actual\n      count\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment Certificate_model on Model {\n    id\n    onnxWithheld\n    certificate {\n      runtime\n      sha256\n      holdoutRows\n      edgeRows\n      largestDifference\n      tolerance\n    }\n  }\n"): (typeof documents)["\n  fragment Certificate_model on Model {\n    id\n    onnxWithheld\n    certificate {\n      runtime\n      sha256\n      holdoutRows\n      edgeRows\n      largestDifference\n      tolerance\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ClassCurves($model: ID!) {\n    node(id: $model) {\n      __typename\n      ... on Model {\n        id\n        evaluation {\n          classReports {\n            label\n            rocAuc\n            prAuc\n            cuts {\n              threshold\n              truePositives\n              falsePositives\n              positives\n              negatives\n            }\n          }\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query ClassCurves($model: ID!) {\n    node(id: $model) {\n      __typename\n      ... on Model {\n        id\n        evaluation {\n          classReports {\n            label\n            rocAuc\n            prAuc\n            cuts {\n              threshold\n              truePositives\n              falsePositives\n              positives\n              negatives\n            }\n          }\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment ClassesCard_evaluation on Evaluation {\n    classReports {\n      label\n      precision\n      recall\n      f1\n      support\n    }\n  }\n"): (typeof documents)["\n  fragment ClassesCard_evaluation on Evaluation {\n    classReports {\n      label\n      precision\n      recall\n      f1\n      support\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment ConfusionCard_evaluation on Evaluation {\n    confusion {\n      labels\n      counts\n    }\n  }\n"): (typeof documents)["\n  fragment ConfusionCard_evaluation on Evaluation {\n    confusion {\n      labels\n      counts\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment DecisionsCard_evaluation on Evaluation {\n    calibrationDecision {\n      isKept\n      holdoutBefore\n      holdoutAfter\n      reason\n    }\n    threshold {\n      threshold\n      precision\n      recall\n      reason\n    }\n    latency {\n      milliseconds\n      limitMilliseconds\n      nothingFits\n    }\n    coverage {\n      level\n      coverage\n      size\n      rows\n    }\n  }\n"): (typeof documents)["\n  fragment DecisionsCard_evaluation on Evaluation {\n    calibrationDecision {\n      isKept\n      holdoutBefore\n      holdoutAfter\n      reason\n    }\n    threshold {\n      threshold\n      precision\n      recall\n      reason\n    }\n    latency {\n      milliseconds\n      limitMilliseconds\n      nothingFits\n    }\n    coverage {\n      level\n      coverage\n      size\n      rows\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment DependenceCard_evaluation on Evaluation {\n    dependence {\n      column\n      classes\n      rows\n      lines\n      points {\n        value\n        label\n        means\n      }\n    }\n  }\n"): (typeof documents)["\n  fragment DependenceCard_evaluation on Evaluation {\n    dependence {\n      column\n      classes\n      rows\n      lines\n      points {\n        value\n        label\n        means\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment DeployCard_model on Model {\n    id\n    name\n    deployed\n    deployable\n    ...Certificate_model\n  }\n"): (typeof documents)["\n  fragment DeployCard_model on Model {\n    id\n    name\n    deployed\n    deployable\n    ...Certificate_model\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment DownloadsCard_model on Model {\n    id\n    downloads {\n      kind\n      fileName\n      sizeBytes\n    }\n  }\n"): (typeof documents)["\n  fragment DownloadsCard_model on Model {\n    id\n    downloads {\n      kind\n      fileName\n      sizeBytes\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query DownloadLinks($model: ID!) {\n    node(id: $model) {\n      __typename\n      ... on Model {\n        id\n        downloads {\n          kind\n          fileName\n          url\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query DownloadLinks($model: ID!) {\n    node(id: $model) {\n      __typename\n      ... on Model {\n        id\n        downloads {\n          kind\n          fileName\n          url\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment ErrorsCard_evaluation on Evaluation {\n    residuals {\n      from\n      to\n      count\n    }\n    errorBands {\n      from\n      to\n      count\n      meanError\n      meanAbsoluteError\n    }\n  }\n"): (typeof documents)["\n  fragment ErrorsCard_evaluation on Evaluation {\n    residuals {\n      from\n      to\n      count\n    }\n    errorBands {\n      from\n      to\n      count\n      meanError\n      meanAbsoluteError\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment ImportanceCard_evaluation on Evaluation {\n    importance {\n      column\n      importance\n      sd\n    }\n  }\n"): (typeof documents)["\n  fragment ImportanceCard_evaluation on Evaluation {\n    importance {\n      column\n      importance\n      sd\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment MetricsCard_evaluation on Evaluation {\n    metrics {\n      metric\n      value\n      higherIsBetter\n    }\n  }\n"): (typeof documents)["\n  fragment MetricsCard_evaluation on Evaluation {\n    metrics {\n      metric\n      value\n      higherIsBetter\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Results($id: ID!) {\n    node(id: $id) {\n      __typename\n      ... on Model {\n        id\n        target\n        classes\n        ...ScoreCard_model\n        ...DeployCard_model\n        ...DownloadsCard_model\n        evaluation {\n          ...MetricsCard_evaluation\n          ...ConfusionCard_evaluation\n          ...RocCard_evaluation\n          ...ThresholdCard_evaluation\n          ...CalibrationCard_evaluation\n          ...ClassesCard_evaluation\n          ...ErrorsCard_evaluation\n          ...PredictedActualCard_evaluation\n          ...ImportanceCard_evaluation\n          ...AttributionCard_evaluation\n          ...DependenceCard_evaluation\n          ...DecisionsCard_evaluation\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query Results($id: ID!) {\n    node(id: $id) {\n      __typename\n      ... on Model {\n        id\n        target\n        classes\n        ...ScoreCard_model\n        ...DeployCard_model\n        ...DownloadsCard_model\n        evaluation {\n          ...MetricsCard_evaluation\n          ...ConfusionCard_evaluation\n          ...RocCard_evaluation\n          ...ThresholdCard_evaluation\n          ...CalibrationCard_evaluation\n          ...ClassesCard_evaluation\n          ...ErrorsCard_evaluation\n          ...PredictedActualCard_evaluation\n          ...ImportanceCard_evaluation\n          ...AttributionCard_evaluation\n          ...DependenceCard_evaluation\n          ...DecisionsCard_evaluation\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment PredictForm_model on Model {\n    id\n    target\n    problem\n    inputs {\n      name\n      kind\n      min\n      max\n      examples\n      typical\n    }\n    evaluation {\n      coverage {\n        level\n      }\n      importance {\n        column\n        importance\n      }\n    }\n  }\n"): (typeof documents)["\n  fragment PredictForm_model on Model {\n    id\n    target\n    problem\n    inputs {\n      name\n      kind\n      min\n      max\n      examples\n      typical\n    }\n    evaluation {\n      coverage {\n        level\n      }\n      importance {\n        column\n        importance\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment PredictedActualCard_evaluation on Evaluation {\n    predictedActual {\n      x\n      y\n    }\n  }\n"): (typeof documents)["\n  fragment PredictedActualCard_evaluation on Evaluation {\n    predictedActual {\n      x\n      y\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment RocCard_evaluation on Evaluation {\n    roc {\n      x\n      y\n    }\n    cuts {\n      threshold\n    }\n    metrics {\n      metric\n      value\n    }\n  }\n"): (typeof documents)["\n  fragment RocCard_evaluation on Evaluation {\n    roc {\n      x\n      y\n    }\n    cuts {\n      threshold\n    }\n    metrics {\n      metric\n      value\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment ScoreCard_model on Model {\n    id\n    target\n    members {\n      name\n      weight\n    }\n    evaluation {\n      metric\n      holdoutRows\n      score\n      low\n      high\n      baseline\n      isBetterThanBaseline\n      summary\n    }\n  }\n"): (typeof documents)["\n  fragment ScoreCard_model on Model {\n    id\n    target\n    members {\n      name\n      weight\n    }\n    evaluation {\n      metric\n      holdoutRows\n      score\n      low\n      high\n      baseline\n      isBetterThanBaseline\n      summary\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment ThresholdCard_evaluation on Evaluation {\n    threshold {\n      threshold\n    }\n    cuts {\n      threshold\n      truePositives\n      falsePositives\n      positives\n      negatives\n    }\n    metrics {\n      metric\n      value\n    }\n  }\n"): (typeof documents)["\n  fragment ThresholdCard_evaluation on Evaluation {\n    threshold {\n      threshold\n    }\n    cuts {\n      threshold\n      truePositives\n      falsePositives\n      positives\n      negatives\n    }\n    metrics {\n      metric\n      value\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation Predict($input: PredictInput!) {\n    predict(input: $input) {\n      predictions {\n        label\n        value\n        probability\n        probabilities {\n          label\n          probability\n        }\n        interval {\n          low\n          high\n        }\n        labelSet\n        contributions {\n          label\n          base\n          columns {\n            column\n            value\n          }\n        }\n        warnings {\n          kind\n          column\n          message\n        }\n      }\n      inferenceMicroseconds\n      userErrors {\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation Predict($input: PredictInput!) {\n    predict(input: $input) {\n      predictions {\n        label\n        value\n        probability\n        probabilities {\n          label\n          probability\n        }\n        interval {\n          low\n          high\n        }\n        labelSet\n        contributions {\n          label\n          base\n          columns {\n            column\n            value\n          }\n        }\n        warnings {\n          kind\n          column\n          message\n        }\n      }\n      inferenceMicroseconds\n      userErrors {\n        message\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DeployModel($input: DeployModelInput!) {\n    deployModel(input: $input) {\n      model {\n        id\n        deployed\n        deployable\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation DeployModel($input: DeployModelInput!) {\n    deployModel(input: $input) {\n      model {\n        id\n        deployed\n        deployable\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation UndeployModel($input: UndeployModelInput!) {\n    undeployModel(input: $input) {\n      model {\n        id\n        deployed\n        deployable\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation UndeployModel($input: UndeployModelInput!) {\n    undeployModel(input: $input) {\n      model {\n        id\n        deployed\n        deployable\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment QuotaList_quotas on Quotas {\n    unfinishedJobs {\n      limit\n      used\n      resetsAt\n    }\n    jobsPerDay {\n      limit\n      used\n      resetsAt\n    }\n    computeSecondsPerDay {\n      limit\n      used\n      resetsAt\n    }\n    storedBytes {\n      limit\n      used\n      resetsAt\n    }\n    jobBudgetSeconds {\n      limit\n      used\n      resetsAt\n    }\n  }\n"): (typeof documents)["\n  fragment QuotaList_quotas on Quotas {\n    unfinishedJobs {\n      limit\n      used\n      resetsAt\n    }\n    jobsPerDay {\n      limit\n      used\n      resetsAt\n    }\n    computeSecondsPerDay {\n      limit\n      used\n      resetsAt\n    }\n    storedBytes {\n      limit\n      used\n      resetsAt\n    }\n    jobBudgetSeconds {\n      limit\n      used\n      resetsAt\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment AliasList_registered on RegisteredModel {\n    id\n    name\n    aliases {\n      alias\n      version\n      previousVersion\n      changedAt\n    }\n  }\n"): (typeof documents)["\n  fragment AliasList_registered on RegisteredModel {\n    id\n    name\n    aliases {\n      alias\n      version\n      previousVersion\n      changedAt\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RollBackModel($input: RollBackModelInput!) {\n    rollBackModel(input: $input) {\n      registeredModel {\n        id\n        ...AliasList_registered\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation RollBackModel($input: RollBackModelInput!) {\n    rollBackModel(input: $input) {\n      registeredModel {\n        id\n        ...AliasList_registered\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query AskByAlias($model: ID!) {\n    node(id: $model) {\n      __typename\n      ... on Model {\n        id\n        exampleRow\n      }\n    }\n  }\n"): (typeof documents)["\n  query AskByAlias($model: ID!) {\n    node(id: $model) {\n      __typename\n      ... on Model {\n        id\n        exampleRow\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation PromoteModel($input: PromoteModelInput!) {\n    promoteModel(input: $input) {\n      registeredModel {\n        id\n        ...AliasList_registered\n      }\n      userErrors {\n        message\n        field\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation PromoteModel($input: PromoteModelInput!) {\n    promoteModel(input: $input) {\n      registeredModel {\n        id\n        ...AliasList_registered\n      }\n      userErrors {\n        message\n        field\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query RegisteredNames {\n    registeredModels(first: 100) {\n      edges {\n        node {\n          id\n          name\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query RegisteredNames {\n    registeredModels(first: 100) {\n      edges {\n        node {\n          id\n          name\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RegisterModel($input: RegisterModelInput!) {\n    registerModel(input: $input) {\n      registeredModel {\n        id\n        name\n        versions {\n          number\n          model {\n            id\n          }\n        }\n      }\n      userErrors {\n        message\n        field\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation RegisterModel($input: RegisterModelInput!) {\n    registerModel(input: $input) {\n      registeredModel {\n        id\n        name\n        versions {\n          number\n          model {\n            id\n          }\n        }\n      }\n      userErrors {\n        message\n        field\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment RegistryList_models on RegisteredModelConnection {\n    edges {\n      node {\n        id\n        name\n        createdAt\n        versions {\n          number\n        }\n        aliases {\n          alias\n          version\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  fragment RegistryList_models on RegisteredModelConnection {\n    edges {\n      node {\n        id\n        name\n        createdAt\n        versions {\n          number\n        }\n        aliases {\n          alias\n          version\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment VersionList_registered on RegisteredModel {\n    id\n    name\n    versions {\n      number\n      registeredAt\n      model {\n        id\n        target\n        deployed\n        deployable\n        job {\n          id\n          name\n          metric\n          score\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  fragment VersionList_registered on RegisteredModel {\n    id\n    name\n    versions {\n      number\n      registeredAt\n      model {\n        id\n        target\n        deployed\n        deployable\n        job {\n          id\n          name\n          metric\n          score\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DeregisterModel($input: DeregisterModelInput!) {\n    deregisterModel(input: $input) {\n      deregisteredVersion\n      userErrors {\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation DeregisterModel($input: DeregisterModelInput!) {\n    deregisterModel(input: $input) {\n      deregisteredVersion\n      userErrors {\n        message\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query AdminLink {\n    viewer {\n      id\n      role\n    }\n  }\n"): (typeof documents)["\n  query AdminLink {\n    viewer {\n      id\n      role\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation SignIn($input: SignInInput!) {\n    signIn(input: $input) {\n      tokens {\n        accessToken\n        accessTokenExpiresAt\n        refreshToken\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation SignIn($input: SignInInput!) {\n    signIn(input: $input) {\n      tokens {\n        accessToken\n        accessTokenExpiresAt\n        refreshToken\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment DeliveryList_webhook on Webhook {\n    id\n    deliveries {\n      messageId\n      event\n      state\n      attempts\n      status\n      error\n      createdAt\n      nextAttemptAt\n      sentAt\n      job {\n        id\n        name\n      }\n    }\n  }\n"): (typeof documents)["\n  fragment DeliveryList_webhook on Webhook {\n    id\n    deliveries {\n      messageId\n      event\n      state\n      attempts\n      status\n      error\n      createdAt\n      nextAttemptAt\n      sentAt\n      job {\n        id\n        name\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment EmailForm_user on User {\n    id\n    email\n  }\n"): (typeof documents)["\n  fragment EmailForm_user on User {\n    id\n    email\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation UpdateEmail($input: UpdateEmailInput!) {\n    updateEmail(input: $input) {\n      user {\n        ...EmailForm_user\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation UpdateEmail($input: UpdateEmailInput!) {\n    updateEmail(input: $input) {\n      user {\n        ...EmailForm_user\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment JobCosts_jobs on JobConnection {\n    edges {\n      node {\n        id\n        name\n        finishedAt\n        cost {\n          computeSeconds\n          amount\n          currency\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  fragment JobCosts_jobs on JobConnection {\n    edges {\n      node {\n        id\n        name\n        finishedAt\n        cost {\n          computeSeconds\n          amount\n          currency\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment NotificationSwitches_user on User {\n    id\n    notificationPreferences {\n      mail\n      completed\n      failed\n    }\n  }\n"): (typeof documents)["\n  fragment NotificationSwitches_user on User {\n    id\n    notificationPreferences {\n      mail\n      completed\n      failed\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation UpdateNotificationPreferences($input: UpdateNotificationPreferencesInput!) {\n    updateNotificationPreferences(input: $input) {\n      user {\n        ...NotificationSwitches_user\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation UpdateNotificationPreferences($input: UpdateNotificationPreferencesInput!) {\n    updateNotificationPreferences(input: $input) {\n      user {\n        ...NotificationSwitches_user\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment PasswordForms_user on User {\n    id\n    email\n    hasPassword\n  }\n"): (typeof documents)["\n  fragment PasswordForms_user on User {\n    id\n    email\n    hasPassword\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation SetPassword($input: SetPasswordInput!) {\n    setPassword(input: $input) {\n      user {\n        ...PasswordForms_user\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation SetPassword($input: SetPasswordInput!) {\n    setPassword(input: $input) {\n      user {\n        ...PasswordForms_user\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation UpdatePassword($input: UpdatePasswordInput!) {\n    updatePassword(input: $input) {\n      userErrors {\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation UpdatePassword($input: UpdatePasswordInput!) {\n    updatePassword(input: $input) {\n      userErrors {\n        message\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment RateLimitFacts_limit on RateLimit {\n    limit\n    remaining\n    cost\n  }\n"): (typeof documents)["\n  fragment RateLimitFacts_limit on RateLimit {\n    limit\n    remaining\n    cost\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment SessionList_user on User {\n    id\n    sessions {\n      id\n      client\n      createdAt\n      refreshedAt\n      expiresAt\n      isCurrent\n    }\n  }\n"): (typeof documents)["\n  fragment SessionList_user on User {\n    id\n    sessions {\n      id\n      client\n      createdAt\n      refreshedAt\n      expiresAt\n      isCurrent\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation EndSession($input: EndSessionInput!) {\n    endSession(input: $input) {\n      userErrors {\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation EndSession($input: EndSessionInput!) {\n    endSession(input: $input) {\n      userErrors {\n        message\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation SignOut($input: SignOutInput!) {\n    signOut(input: $input) {\n      endedCount\n      userErrors {\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation SignOut($input: SignOutInput!) {\n    signOut(input: $input) {\n      endedCount\n      userErrors {\n        message\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment TokenList_user on User {\n    id\n    apiTokens {\n      id\n      name\n      scopes\n      createdAt\n      expiresAt\n      lastUsedAt\n    }\n  }\n"): (typeof documents)["\n  fragment TokenList_user on User {\n    id\n    apiTokens {\n      id\n      name\n      scopes\n      createdAt\n      expiresAt\n      lastUsedAt\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CreateApiToken($input: CreateApiTokenInput!) {\n    createApiToken(input: $input) {\n      secret\n      userErrors {\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation CreateApiToken($input: CreateApiTokenInput!) {\n    createApiToken(input: $input) {\n      secret\n      userErrors {\n        message\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DeleteApiToken($input: DeleteApiTokenInput!) {\n    deleteApiToken(input: $input) {\n      userErrors {\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation DeleteApiToken($input: DeleteApiTokenInput!) {\n    deleteApiToken(input: $input) {\n      userErrors {\n        message\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment WebhookList_webhook on Webhook {\n    id\n    url\n    events\n    enabled\n    failingSince\n    disabledReason\n    deliveries {\n      messageId\n    }\n    ...DeliveryList_webhook\n  }\n"): (typeof documents)["\n  fragment WebhookList_webhook on Webhook {\n    id\n    url\n    events\n    enabled\n    failingSince\n    disabledReason\n    deliveries {\n      messageId\n    }\n    ...DeliveryList_webhook\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CreateWebhook($input: CreateWebhookInput!) {\n    createWebhook(input: $input) {\n      secret\n      userErrors {\n        message\n        field\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation CreateWebhook($input: CreateWebhookInput!) {\n    createWebhook(input: $input) {\n      secret\n      userErrors {\n        message\n        field\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation UpdateWebhook($input: UpdateWebhookInput!) {\n    updateWebhook(input: $input) {\n      webhook {\n        ...WebhookList_webhook\n      }\n      userErrors {\n        message\n        field\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation UpdateWebhook($input: UpdateWebhookInput!) {\n    updateWebhook(input: $input) {\n      webhook {\n        ...WebhookList_webhook\n      }\n      userErrors {\n        message\n        field\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation TestWebhook($input: TestWebhookInput!) {\n    testWebhook(input: $input) {\n      userErrors {\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation TestWebhook($input: TestWebhookInput!) {\n    testWebhook(input: $input) {\n      userErrors {\n        message\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DeleteWebhook($input: DeleteWebhookInput!) {\n    deleteWebhook(input: $input) {\n      userErrors {\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation DeleteWebhook($input: DeleteWebhookInput!) {\n    deleteWebhook(input: $input) {\n      userErrors {\n        message\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CreateUpload($input: CreateUploadInput!) {\n    createUpload(input: $input) {\n      upload {\n        id\n        method\n        url\n        partSizeBytes\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation CreateUpload($input: CreateUploadInput!) {\n    createUpload(input: $input) {\n      upload {\n        id\n        method\n        url\n        partSizeBytes\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query UploadProgress($id: ID!) {\n    upload(id: $id) {\n      id\n      method\n      url\n      partSizeBytes\n      receivedBytes\n      sizeBytes\n      parts {\n        number\n      }\n    }\n  }\n"): (typeof documents)["\n  query UploadProgress($id: ID!) {\n    upload(id: $id) {\n      id\n      method\n      url\n      partSizeBytes\n      receivedBytes\n      sizeBytes\n      parts {\n        number\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query UploadForm($id: ID!) {\n    upload(id: $id) {\n      id\n      url\n      formFields {\n        name\n        value\n      }\n    }\n  }\n"): (typeof documents)["\n  query UploadForm($id: ID!) {\n    upload(id: $id) {\n      id\n      url\n      formFields {\n        name\n        value\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation SignUploadParts($input: SignUploadPartsInput!) {\n    signUploadParts(input: $input) {\n      links {\n        number\n        url\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation SignUploadParts($input: SignUploadPartsInput!) {\n    signUploadParts(input: $input) {\n      links {\n        number\n        url\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CompleteUpload($input: CompleteUploadInput!) {\n    completeUpload(input: $input) {\n      dataset {\n        id\n        name\n        state\n        version\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation CompleteUpload($input: CompleteUploadInput!) {\n    completeUpload(input: $input) {\n      dataset {\n        id\n        name\n        state\n        version\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CancelUpload($input: CancelUploadInput!) {\n    cancelUpload(input: $input) {\n      cancelledUploadId\n      userErrors {\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation CancelUpload($input: CancelUploadInput!) {\n    cancelUpload(input: $input) {\n      cancelledUploadId\n      userErrors {\n        message\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RefreshSession($input: RefreshSessionInput!) {\n    refreshSession(input: $input) {\n      tokens {\n        accessToken\n        accessTokenExpiresAt\n        refreshToken\n      }\n      userErrors {\n        code\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation RefreshSession($input: RefreshSessionInput!) {\n    refreshSession(input: $input) {\n      tokens {\n        accessToken\n        accessTokenExpiresAt\n        refreshToken\n      }\n      userErrors {\n        code\n        message\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query AdminAudit($first: Int!, $after: String, $filter: AuditFilter, $personId: ID!, $withPerson: Boolean!) {\n    admin {\n      auditHead {\n        number\n        hash\n      }\n      auditLog(first: $first, after: $after, filter: $filter) {\n        ...AuditList_entries\n        pageInfo {\n          hasNextPage\n          endCursor\n        }\n      }\n      user(id: $personId) @include(if: $withPerson) {\n        id\n        name\n      }\n    }\n  }\n"): (typeof documents)["\n  query AdminAudit($first: Int!, $after: String, $filter: AuditFilter, $personId: ID!, $withPerson: Boolean!) {\n    admin {\n      auditHead {\n        number\n        hash\n      }\n      auditLog(first: $first, after: $after, filter: $filter) {\n        ...AuditList_entries\n        pageInfo {\n          hasNextPage\n          endCursor\n        }\n      }\n      user(id: $personId) @include(if: $withPerson) {\n        id\n        name\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query AdminJobs($first: Int!, $after: String, $filter: JobFilter, $person: ID, $personId: ID!, $withPerson: Boolean!) {\n    admin {\n      jobs(first: $first, after: $after, filter: $filter, ownerId: $person) {\n        ...AdminJobList_jobs\n        pageInfo {\n          hasNextPage\n          endCursor\n        }\n      }\n      user(id: $personId) @include(if: $withPerson) {\n        id\n        name\n      }\n    }\n  }\n"): (typeof documents)["\n  query AdminJobs($first: Int!, $after: String, $filter: JobFilter, $person: ID, $personId: ID!, $withPerson: Boolean!) {\n    admin {\n      jobs(first: $first, after: $after, filter: $filter, ownerId: $person) {\n        ...AdminJobList_jobs\n        pageInfo {\n          hasNextPage\n          endCursor\n        }\n      }\n      user(id: $personId) @include(if: $withPerson) {\n        id\n        name\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query AdminQueue {\n    admin {\n      queue {\n        ...QueueCard_queue\n      }\n      workers(first: 50) {\n        ...WorkersCard_workers\n      }\n      deadTasks(first: 20) {\n        ...DeadTasksCard_tasks\n      }\n    }\n  }\n"): (typeof documents)["\n  query AdminQueue {\n    admin {\n      queue {\n        ...QueueCard_queue\n      }\n      workers(first: 50) {\n        ...WorkersCard_workers\n      }\n      deadTasks(first: 20) {\n        ...DeadTasksCard_tasks\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query AdminLimits {\n    admin {\n      limits {\n        ...ServerLimitsCard_limits\n      }\n    }\n  }\n"): (typeof documents)["\n  query AdminLimits {\n    admin {\n      limits {\n        ...ServerLimitsCard_limits\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query AdminPeople($first: Int!, $after: String, $filter: UserFilter) {\n    viewer {\n      id\n    }\n    admin {\n      limits {\n        ...PeopleList_limits\n      }\n      users(first: $first, after: $after, filter: $filter) {\n        ...PeopleList_users\n        pageInfo {\n          hasNextPage\n          endCursor\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query AdminPeople($first: Int!, $after: String, $filter: UserFilter) {\n    viewer {\n      id\n    }\n    admin {\n      limits {\n        ...PeopleList_limits\n      }\n      users(first: $first, after: $after, filter: $filter) {\n        ...PeopleList_users\n        pageInfo {\n          hasNextPage\n          endCursor\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query BatchPage($id: ID!, $first: Int!, $after: String) {\n    serverInfo {\n      uploadLimitBytes\n    }\n    node(id: $id) {\n      __typename\n      ... on Model {\n        id\n        name\n        target\n        job {\n          id\n          name\n        }\n        batchPredictions(first: $first, after: $after) {\n          edges {\n            node {\n              id\n              ...BatchCard_batch\n            }\n          }\n          pageInfo {\n            hasNextPage\n            endCursor\n          }\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query BatchPage($id: ID!, $first: Int!, $after: String) {\n    serverInfo {\n      uploadLimitBytes\n    }\n    node(id: $id) {\n      __typename\n      ... on Model {\n        id\n        name\n        target\n        job {\n          id\n          name\n        }\n        batchPredictions(first: $first, after: $after) {\n          edges {\n            node {\n              id\n              ...BatchCard_batch\n            }\n          }\n          pageInfo {\n            hasNextPage\n            endCursor\n          }\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Compare($jobs: [ID!]!) {\n    comparison(jobIds: $jobs) {\n      sameHoldout\n      jobs {\n        id\n        name\n        state\n      }\n      metrics {\n        metric\n        higherIsBetter\n        values\n        best\n      }\n      settings {\n        name\n        values\n      }\n      importance {\n        column\n        values\n      }\n      ...RocOverlay_jobs\n    }\n  }\n"): (typeof documents)["\n  query Compare($jobs: [ID!]!) {\n    comparison(jobIds: $jobs) {\n      sameHoldout\n      jobs {\n        id\n        name\n        state\n      }\n      metrics {\n        metric\n        higherIsBetter\n        values\n        best\n      }\n      settings {\n        name\n        values\n      }\n      importance {\n        column\n        values\n      }\n      ...RocOverlay_jobs\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Configure($id: ID!) {\n    node(id: $id) {\n      __typename\n      ... on Dataset {\n        id\n        name\n        version\n        profile {\n          columns {\n            name\n          }\n        }\n        ...ConfigureForm_dataset\n      }\n    }\n  }\n"): (typeof documents)["\n  query Configure($id: ID!) {\n    node(id: $id) {\n      __typename\n      ... on Dataset {\n        id\n        name\n        version\n        profile {\n          columns {\n            name\n          }\n        }\n        ...ConfigureForm_dataset\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Dataset($id: ID!) {\n    node(id: $id) {\n      __typename\n      ... on Dataset {\n        id\n        state\n        error\n        version\n        ...DatasetHeading_dataset\n        profile {\n          columns {\n            name\n            role\n          }\n          ...DatasetFacts_profile\n          ...TargetPicker_profile\n          ...AssociationsCard_profile\n          ...ColumnTable_profile\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query Dataset($id: ID!) {\n    node(id: $id) {\n      __typename\n      ... on Dataset {\n        id\n        state\n        error\n        version\n        ...DatasetHeading_dataset\n        profile {\n          columns {\n            name\n            role\n          }\n          ...DatasetFacts_profile\n          ...TargetPicker_profile\n          ...AssociationsCard_profile\n          ...ColumnTable_profile\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Datasets($first: Int!, $after: String, $filter: DatasetFilter, $orderBy: DatasetOrder) {\n    datasets(first: $first, after: $after, filter: $filter, orderBy: $orderBy) {\n      ...DatasetList_datasets\n      totalCount\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"): (typeof documents)["\n  query Datasets($first: Int!, $after: String, $filter: DatasetFilter, $orderBy: DatasetOrder) {\n    datasets(first: $first, after: $after, filter: $filter, orderBy: $orderBy) {\n      ...DatasetList_datasets\n      totalCount\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query History($first: Int!, $after: String, $filter: JobFilter, $orderBy: JobOrder) {\n    jobs(first: $first, after: $after, filter: $filter, orderBy: $orderBy) {\n      ...HistoryList_jobs\n      edges {\n        node {\n          id\n          state\n        }\n      }\n      totalCount\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"): (typeof documents)["\n  query History($first: Int!, $after: String, $filter: JobFilter, $orderBy: JobOrder) {\n    jobs(first: $first, after: $after, filter: $filter, orderBy: $orderBy) {\n      ...HistoryList_jobs\n      edges {\n        node {\n          id\n          state\n        }\n      }\n      totalCount\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Home($jobs: Int!, $jobsAfter: String, $datasets: Int!) {\n    serverInfo {\n      uploadLimitBytes\n      ...SampleList_info\n    }\n    jobs(first: $jobs, after: $jobsAfter) {\n      ...JobList_jobs\n      edges {\n        node {\n          id\n          state\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n    datasets(first: $datasets) {\n      ...DatasetList_datasets\n      edges {\n        node {\n          id\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query Home($jobs: Int!, $jobsAfter: String, $datasets: Int!) {\n    serverInfo {\n      uploadLimitBytes\n      ...SampleList_info\n    }\n    jobs(first: $jobs, after: $jobsAfter) {\n      ...JobList_jobs\n      edges {\n        node {\n          id\n          state\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n    datasets(first: $datasets) {\n      ...DatasetList_datasets\n      edges {\n        node {\n          id\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Job($id: ID!) {\n    node(id: $id) {\n      __typename\n      ... on Job {\n        id\n        name\n        state\n        error\n        version\n        target\n        notes\n        higherIsBetter\n        progress {\n          trialsFinished\n          trialsFailed\n        }\n        dataset {\n          id\n          name\n        }\n        ...JobActions_job\n        ...StepTimeline_job\n        ...JobProgressCard_job\n        ...BestSoFar_job\n        ...Leaderboard_job\n        ...SettingsCard_job\n        ...ExtendJob_job\n        ...CloneJob_job\n        ...NotesCard_job\n        ...JobLog_job\n        model {\n          id\n          ...Leaderboard_model\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query Job($id: ID!) {\n    node(id: $id) {\n      __typename\n      ... on Job {\n        id\n        name\n        state\n        error\n        version\n        target\n        notes\n        higherIsBetter\n        progress {\n          trialsFinished\n          trialsFailed\n        }\n        dataset {\n          id\n          name\n        }\n        ...JobActions_job\n        ...StepTimeline_job\n        ...JobProgressCard_job\n        ...BestSoFar_job\n        ...Leaderboard_job\n        ...SettingsCard_job\n        ...ExtendJob_job\n        ...CloneJob_job\n        ...NotesCard_job\n        ...JobLog_job\n        model {\n          id\n          ...Leaderboard_model\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query PredictPage($id: ID!) {\n    node(id: $id) {\n      __typename\n      ... on Model {\n        id\n        name\n        target\n        deployed\n        job {\n          id\n          name\n        }\n        ...PredictForm_model\n      }\n    }\n  }\n"): (typeof documents)["\n  query PredictPage($id: ID!) {\n    node(id: $id) {\n      __typename\n      ... on Model {\n        id\n        name\n        target\n        deployed\n        job {\n          id\n          name\n        }\n        ...PredictForm_model\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query RegisteredModel($id: ID!) {\n    node(id: $id) {\n      __typename\n      ... on RegisteredModel {\n        id\n        name\n        aliases {\n          alias\n          version\n          previousVersion\n        }\n        versions {\n          number\n          model {\n            id\n            deployed\n            deployable\n          }\n        }\n        ...AliasList_registered\n        ...VersionList_registered\n      }\n    }\n  }\n"): (typeof documents)["\n  query RegisteredModel($id: ID!) {\n    node(id: $id) {\n      __typename\n      ... on RegisteredModel {\n        id\n        name\n        aliases {\n          alias\n          version\n          previousVersion\n        }\n        versions {\n          number\n          model {\n            id\n            deployed\n            deployable\n          }\n        }\n        ...AliasList_registered\n        ...VersionList_registered\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Registry($first: Int!, $after: String) {\n    registeredModels(first: $first, after: $after) {\n      ...RegistryList_models\n      edges {\n        node {\n          id\n        }\n      }\n      totalCount\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"): (typeof documents)["\n  query Registry($first: Int!, $after: String) {\n    registeredModels(first: $first, after: $after) {\n      ...RegistryList_models\n      edges {\n        node {\n          id\n        }\n      }\n      totalCount\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RequestPasswordReset($input: RequestPasswordResetInput!) {\n    requestPasswordReset(input: $input) {\n      accepted\n      userErrors {\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation RequestPasswordReset($input: RequestPasswordResetInput!) {\n    requestPasswordReset(input: $input) {\n      accepted\n      userErrors {\n        message\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ResetPassword($input: ResetPasswordInput!) {\n    resetPassword(input: $input) {\n      changed\n      userErrors {\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation ResetPassword($input: ResetPasswordInput!) {\n    resetPassword(input: $input) {\n      changed\n      userErrors {\n        message\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Settings {\n    viewer {\n      id\n      ...EmailForm_user\n      ...NotificationSwitches_user\n      ...PasswordForms_user\n      ...SessionList_user\n    }\n  }\n"): (typeof documents)["\n  query Settings {\n    viewer {\n      id\n      ...EmailForm_user\n      ...NotificationSwitches_user\n      ...PasswordForms_user\n      ...SessionList_user\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query SettingsPrograms {\n    viewer {\n      id\n      ...TokenList_user\n    }\n    webhooks {\n      id\n      deliveries {\n        messageId\n        state\n        createdAt\n      }\n      ...WebhookList_webhook\n    }\n  }\n"): (typeof documents)["\n  query SettingsPrograms {\n    viewer {\n      id\n      ...TokenList_user\n    }\n    webhooks {\n      id\n      deliveries {\n        messageId\n        state\n        createdAt\n      }\n      ...WebhookList_webhook\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query SettingsLimits($jobs: Int!, $filter: JobFilter, $orderBy: JobOrder) {\n    viewer {\n      id\n      quotas {\n        ...QuotaList_quotas\n      }\n    }\n    rateLimit {\n      ...RateLimitFacts_limit\n    }\n    jobs(first: $jobs, filter: $filter, orderBy: $orderBy) {\n      ...JobCosts_jobs\n    }\n  }\n"): (typeof documents)["\n  query SettingsLimits($jobs: Int!, $filter: JobFilter, $orderBy: JobOrder) {\n    viewer {\n      id\n      quotas {\n        ...QuotaList_quotas\n      }\n    }\n    rateLimit {\n      ...RateLimitFacts_limit\n    }\n    jobs(first: $jobs, filter: $filter, orderBy: $orderBy) {\n      ...JobCosts_jobs\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation SignInWithCode($input: SignInWithCodeInput!) {\n    signInWithCode(input: $input) {\n      tokens {\n        accessToken\n        accessTokenExpiresAt\n        refreshToken\n      }\n      userErrors {\n        code\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation SignInWithCode($input: SignInWithCodeInput!) {\n    signInWithCode(input: $input) {\n      tokens {\n        accessToken\n        accessTokenExpiresAt\n        refreshToken\n      }\n      userErrors {\n        code\n        message\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation SignUp($input: SignUpInput!) {\n    signUp(input: $input) {\n      accepted\n      userErrors {\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation SignUp($input: SignUpInput!) {\n    signUp(input: $input) {\n      accepted\n      userErrors {\n        message\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation VerifyEmail($input: VerifyEmailInput!) {\n    verifyEmail(input: $input) {\n      verified\n      userErrors {\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation VerifyEmail($input: VerifyEmailInput!) {\n    verifyEmail(input: $input) {\n      verified\n      userErrors {\n        message\n      }\n    }\n  }\n"];

export function graphql(source: string) {
  return (documents as any)[source] ?? {};
}

export type DocumentType<TDocumentNode extends DocumentNode<any, any>> = TDocumentNode extends DocumentNode<  infer TType,  any>  ? TType  : never;