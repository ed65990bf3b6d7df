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
    "\n  fragment AuditList_entries on AuditEntryConnection {\n    edges {\n      node {\n        id\n        number\n        at\n        action\n        actorKind\n        subjectKind\n        subject\n        reason\n        before\n        after\n        address\n        actor {\n          id\n          name\n        }\n      }\n    }\n  }\n": typeof types.AuditList_EntriesFragmentDoc,
    "\n  fragment DeadTasksCard_tasks on TaskConnection {\n    edges {\n      node {\n        id\n        kind\n        error\n        failures\n        crashes\n        updatedAt\n        owner {\n          id\n          name\n        }\n        job {\n          id\n          name\n        }\n      }\n    }\n  }\n": typeof types.DeadTasksCard_TasksFragmentDoc,
    "\n  mutation RequeueTask($input: RequeueTaskInput!) {\n    requeueTask(input: $input) {\n      userErrors {\n        message\n      }\n    }\n  }\n": typeof types.RequeueTaskDocument,
    "\n  fragment PeopleList_users on UserConnection {\n    edges {\n      node {\n        id\n        name\n        email\n        role\n        suspendedAt\n        createdAt\n        quotas {\n          unfinishedJobs {\n            used\n          }\n        }\n      }\n    }\n  }\n": typeof types.PeopleList_UsersFragmentDoc,
    "\n  mutation SuspendUser($input: SuspendUserInput!) {\n    suspendUser(input: $input) {\n      user {\n        id\n        suspendedAt\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": typeof types.SuspendUserDocument,
    "\n  mutation RestoreUser($input: RestoreUserInput!) {\n    restoreUser(input: $input) {\n      user {\n        id\n        suspendedAt\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": typeof types.RestoreUserDocument,
    "\n  mutation SetUserRole($input: SetUserRoleInput!) {\n    setUserRole(input: $input) {\n      user {\n        id\n        role\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": typeof types.SetUserRoleDocument,
    "\n  mutation RevokeUserSessions($input: RevokeUserSessionsInput!) {\n    revokeUserSessions(input: $input) {\n      userErrors {\n        message\n      }\n    }\n  }\n": typeof types.RevokeUserSessionsDocument,
    "\n  fragment QueueCard_queue on TaskQueue {\n    queued\n    running\n    dead\n    oldestQueuedAt\n    isPaused\n    workers\n    slots\n    version\n    byKind {\n      kind\n      queued\n      running\n    }\n    pauses {\n      kind\n      capability\n      reason\n      pausedAt\n    }\n  }\n": typeof types.QueueCard_QueueFragmentDoc,
    "\n  mutation PauseQueue($input: PauseQueueInput!) {\n    pauseQueue(input: $input) {\n      userErrors {\n        message\n      }\n    }\n  }\n": typeof types.PauseQueueDocument,
    "\n  mutation ResumeQueue($input: ResumeQueueInput!) {\n    resumeQueue(input: $input) {\n      userErrors {\n        message\n      }\n    }\n  }\n": typeof types.ResumeQueueDocument,
    "\n  fragment WorkersCard_workers on WorkerConnection {\n    edges {\n      node {\n        id\n        name\n        host\n        version\n        device\n        slots\n        threads\n        memoryBytes\n        seenAt\n        startedAt\n        isDraining\n        tasks {\n          id\n          kind\n          job {\n            id\n            name\n          }\n        }\n      }\n    }\n  }\n": typeof types.WorkersCard_WorkersFragmentDoc,
    "\n  mutation DrainWorker($input: DrainWorkerInput!) {\n    drainWorker(input: $input) {\n      worker {\n        id\n        isDraining\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": typeof types.DrainWorkerDocument,
    "\n  fragment BatchCard_batch on BatchPrediction {\n    id\n    version\n    fileName\n    sizeBytes\n    state\n    error\n    createdAt\n    progress {\n      rowsDone\n      rowsInError\n      share\n    }\n    ...BatchReport_batch\n  }\n": typeof types.BatchCard_BatchFragmentDoc,
    "\n  query BatchLinks($id: ID!) {\n    node(id: $id) {\n      __typename\n      ... on BatchPrediction {\n        id\n        downloads {\n          format\n          fileName\n          url\n        }\n      }\n    }\n  }\n": typeof types.BatchLinksDocument,
    "\n  mutation CancelBatchPrediction($input: CancelBatchPredictionInput!) {\n    cancelBatchPrediction(input: $input) {\n      userErrors {\n        message\n      }\n    }\n  }\n": typeof types.CancelBatchPredictionDocument,
    "\n  mutation DeleteBatchPrediction($input: DeleteBatchPredictionInput!) {\n    deleteBatchPrediction(input: $input) {\n      userErrors {\n        message\n      }\n    }\n  }\n": typeof types.DeleteBatchPredictionDocument,
    "\n  fragment BatchLive_version on BatchPrediction {\n    id\n    version\n  }\n": typeof types.BatchLive_VersionFragmentDoc,
    "\n  subscription BatchUpdated($id: ID!) {\n    batchPredictionUpdated(id: $id) {\n      ...BatchLive_version\n      id\n      state\n      error\n      progress {\n        rowsDone\n        rowsInError\n        share\n      }\n    }\n  }\n": typeof types.BatchUpdatedDocument,
    "\n  fragment BatchReport_batch on BatchPrediction {\n    id\n    report {\n      rows\n      rowsInError\n      warnings\n      rowErrors {\n        row\n        column\n        message\n      }\n      evaluationAbsent\n      evaluation {\n        rows\n        metrics {\n          metric\n          value\n          holdout\n        }\n      }\n      drift {\n        absent\n        columns {\n          column\n          psi\n          level\n          absent\n          missingShare\n          trainingMissingShare\n        }\n      }\n    }\n  }\n": typeof types.BatchReport_BatchFragmentDoc,
    "\n  mutation CreateBatchPrediction($input: CreateBatchPredictionInput!) {\n    createBatchPrediction(input: $input) {\n      batchPrediction {\n        id\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": typeof types.CreateBatchPredictionDocument,
    "\n  fragment RocOverlay_jobs on JobComparison {\n    jobs {\n      id\n      name\n      model {\n        id\n        evaluation {\n          roc {\n            x\n            y\n          }\n        }\n      }\n    }\n  }\n": typeof types.RocOverlay_JobsFragmentDoc,
    "\n  fragment ColumnRow_column on ColumnProfile {\n    name\n    role\n    evidence\n    missing\n    missingShare\n    distinct\n    min\n    max\n    mean\n    median\n    topValues {\n      value\n      count\n    }\n    histogram {\n      from\n      to\n      count\n    }\n    samples\n    warnings\n    asTarget {\n      usable\n    }\n  }\n": typeof types.ColumnRow_ColumnFragmentDoc,
    "\n  fragment ColumnTable_profile on DatasetProfile {\n    columns {\n      name\n      ...ColumnRow_column\n    }\n  }\n": typeof types.ColumnTable_ProfileFragmentDoc,
    "\n  fragment DatasetFacts_profile on DatasetProfile {\n    rows\n    sampledRows\n    duplicateRows\n    warnings\n    format {\n      type\n      delimiter\n      textEncoding\n      header\n      compressedBy\n    }\n    columns {\n      missingShare\n    }\n  }\n": typeof types.DatasetFacts_ProfileFragmentDoc,
    "\n  fragment DatasetList_datasets on DatasetConnection {\n    edges {\n      node {\n        id\n        name\n        state\n        sizeBytes\n        createdAt\n        profile {\n          rows\n        }\n      }\n    }\n  }\n": typeof types.DatasetList_DatasetsFragmentDoc,
    "\n  mutation DeleteDataset($input: DeleteDatasetInput!) {\n    deleteDataset(input: $input) {\n      deletedId\n      userErrors {\n        message\n      }\n    }\n  }\n": typeof types.DeleteDatasetDocument,
    "\n  subscription DatasetUpdated($id: ID!) {\n    datasetUpdated(id: $id) {\n      id\n      state\n      error\n      version\n    }\n  }\n": typeof types.DatasetUpdatedDocument,
    "\n  fragment PreviewTable_profile on DatasetProfile {\n    preview\n    columns {\n      name\n    }\n  }\n": typeof types.PreviewTable_ProfileFragmentDoc,
    "\n  fragment SampleList_info on ServerInfo {\n    samples {\n      key\n      title\n      description\n      target\n      rows\n    }\n  }\n": typeof types.SampleList_InfoFragmentDoc,
    "\n  mutation CreateSample($input: CreateSampleDatasetInput!) {\n    createSampleDataset(input: $input) {\n      dataset {\n        id\n        name\n        state\n        version\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": typeof types.CreateSampleDocument,
    "\n  fragment TargetPicker_profile on DatasetProfile {\n    columns {\n      name\n      role\n      missing\n      asTarget {\n        usable\n        problem\n        reason\n        ambiguous\n        classes {\n          value\n          count\n        }\n      }\n    }\n  }\n": typeof types.TargetPicker_ProfileFragmentDoc,
    "\n  mutation CancelJobs($input: CancelJobsInput!) {\n    cancelJobs(input: $input) {\n      outcomes {\n        jobId\n        job {\n          id\n          state\n          version\n        }\n        userErrors {\n          message\n        }\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": typeof types.CancelJobsDocument,
    "\n  mutation DeleteJobs($input: DeleteJobsInput!) {\n    deleteJobs(input: $input) {\n      outcomes {\n        jobId\n        userErrors {\n          message\n        }\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": typeof types.DeleteJobsDocument,
    "\n  mutation TagJobs($input: TagJobsInput!) {\n    tagJobs(input: $input) {\n      outcomes {\n        jobId\n        job {\n          id\n          version\n          tags\n        }\n        userErrors {\n          message\n        }\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": typeof types.TagJobsDocument,
    "\n  fragment HistoryList_jobs on JobConnection {\n    edges {\n      node {\n        id\n        name\n        state\n        version\n        target\n        metric\n        score\n        tags\n        annotation\n        createdAt\n        dataset {\n          id\n          name\n        }\n      }\n    }\n  }\n": typeof types.HistoryList_JobsFragmentDoc,
    "\n  fragment BestSoFar_job on Job {\n    id\n    metric\n    higherIsBetter\n    startedAt\n  }\n": typeof types.BestSoFar_JobFragmentDoc,
    "\n  fragment CloneJob_job on Job {\n    id\n    problem\n    metric\n    settings {\n      budgetSeconds\n      preset\n      seed\n    }\n  }\n": typeof types.CloneJob_JobFragmentDoc,
    "\n  mutation CloneJob($input: CloneJobInput!) {\n    cloneJob(input: $input) {\n      job {\n        id\n        name\n        state\n        version\n      }\n      userErrors {\n        message\n        field\n      }\n    }\n  }\n": typeof types.CloneJobDocument,
    "\n  fragment ConfigureForm_dataset on Dataset {\n    id\n    profile {\n      rows\n      columns {\n        name\n        role\n        evidence\n        asTarget {\n          problem\n          reason\n        }\n      }\n    }\n  }\n": typeof types.ConfigureForm_DatasetFragmentDoc,
    "\n  mutation CreateJob($input: CreateJobInput!) {\n    createJob(input: $input) {\n      job {\n        id\n        name\n        state\n        version\n      }\n      userErrors {\n        message\n        field\n      }\n    }\n  }\n": typeof types.CreateJobDocument,
    "\n  fragment ExtendJob_job on Job {\n    id\n    state\n    version\n    settings {\n      budgetSeconds\n    }\n    progress {\n      secondsElapsed\n    }\n  }\n": typeof types.ExtendJob_JobFragmentDoc,
    "\n  mutation ExtendJob($input: ExtendJobInput!) {\n    extendJob(input: $input) {\n      job {\n        ...ExtendJob_job\n        ...JobActions_job\n        ...StepTimeline_job\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": typeof types.ExtendJobDocument,
    "\n  query ForecastLine($input: CreateJobInput!) {\n    jobEstimate(input: $input) {\n      forecast {\n        trials {\n          low\n          high\n        }\n        seconds {\n          low\n          high\n        }\n        memoryBytes {\n          low\n          high\n        }\n        measured\n        learners {\n          title\n        }\n        notes\n      }\n    }\n  }\n": typeof types.ForecastLineDocument,
    "\n  fragment JobActions_job on Job {\n    id\n    name\n    state\n    version\n    progress {\n      trialsFinished\n    }\n  }\n": typeof types.JobActions_JobFragmentDoc,
    "\n  mutation CancelJob($input: CancelJobInput!) {\n    cancelJob(input: $input) {\n      job {\n        ...JobActions_job\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": typeof types.CancelJobDocument,
    "\n  mutation FinishJob($input: FinishJobInput!) {\n    finishJob(input: $input) {\n      job {\n        ...JobActions_job\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": typeof types.FinishJobDocument,
    "\n  mutation DeleteJob($input: DeleteJobInput!) {\n    deleteJob(input: $input) {\n      deletedId\n      userErrors {\n        message\n      }\n    }\n  }\n": typeof types.DeleteJobDocument,
    "\n  fragment JobList_jobs on JobConnection {\n    edges {\n      node {\n        id\n        name\n        state\n        version\n        target\n        metric\n        createdAt\n        progress {\n          trialsFinished\n          bestScore\n        }\n        dataset {\n          id\n          name\n        }\n      }\n    }\n  }\n": typeof types.JobList_JobsFragmentDoc,
    "\n  fragment JobLive_version on Job {\n    id\n    version\n    state\n  }\n": typeof types.JobLive_VersionFragmentDoc,
    "\n  fragment JobLive_job on Job {\n    ...JobLive_version\n    error\n    notes\n    ...JobActions_job\n    ...StepTimeline_job\n    ...JobProgressCard_job\n    ...BestSoFar_job\n    ...Leaderboard_job\n    ...SettingsCard_job\n    ...ExtendJob_job\n    ...CloneJob_job\n    ...JobLog_job\n  }\n": typeof types.JobLive_JobFragmentDoc,
    "\n  subscription JobUpdated($id: ID!) {\n    jobUpdated(id: $id) {\n      ...JobLive_job\n    }\n  }\n": typeof types.JobUpdatedDocument,
    "\n  fragment JobLog_job on Job {\n    id\n    createdAt\n    higherIsBetter\n    steps {\n      name\n      state\n      startedAt\n      finishedAt\n    }\n  }\n": typeof types.JobLog_JobFragmentDoc,
    "\n  fragment JobProgressCard_job on Job {\n    id\n    state\n    metric\n    settings {\n      budgetSeconds\n    }\n    progress {\n      trialsFinished\n      trialsRunning\n      trialsFailed\n      bestScore\n      bestTrial\n      secondsElapsed\n      secondsLeft\n    }\n  }\n": typeof types.JobProgressCard_JobFragmentDoc,
    "\n  fragment Leaderboard_job on Job {\n    id\n    metric\n    leaderboard {\n      rank\n      name\n      kind\n      learner\n      score\n      scoreSd\n      fitSeconds\n      weight\n      state\n      error\n    }\n  }\n": typeof types.Leaderboard_JobFragmentDoc,
    "\n  fragment NotesCard_job on Job {\n    id\n    version\n    tags\n    annotation\n  }\n": typeof types.NotesCard_JobFragmentDoc,
    "\n  mutation TagJob($input: TagJobsInput!) {\n    tagJobs(input: $input) {\n      outcomes {\n        jobId\n        job {\n          ...NotesCard_job\n        }\n        userErrors {\n          message\n        }\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": typeof types.TagJobDocument,
    "\n  mutation AnnotateJob($input: AnnotateJobInput!) {\n    annotateJob(input: $input) {\n      job {\n        ...NotesCard_job\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": typeof types.AnnotateJobDocument,
    "\n  mutation RetryJob($input: RetryJobInput!) {\n    retryJob(input: $input) {\n      job {\n        error\n        ...JobActions_job\n        ...StepTimeline_job\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": typeof types.RetryJobDocument,
    "\n  fragment SettingsCard_job on Job {\n    id\n    problem\n    metric\n    finishedAt\n    progress {\n      secondsElapsed\n    }\n    settings {\n      budgetSeconds\n      preset\n      seed\n      exclude\n      gpu\n    }\n  }\n": typeof types.SettingsCard_JobFragmentDoc,
    "\n  fragment StepTimeline_job on Job {\n    id\n    steps {\n      name\n      state\n      startedAt\n      finishedAt\n      error\n      attempts\n      retryAt\n    }\n  }\n": typeof types.StepTimeline_JobFragmentDoc,
    "\n  query TrialDialog($id: ID!) {\n    node(id: $id) {\n      __typename\n      ... on Trial {\n        id\n        number\n        name\n        learner\n        state\n        error\n        device\n        notes\n        parameters\n        score\n        scoreSd\n        foldScores\n        fitSeconds\n        predictMicrosecondsPerRow\n        rounds\n        stopReason\n        curve {\n          round\n          loss\n        }\n      }\n    }\n  }\n": typeof types.TrialDialogDocument,
    "\n  fragment UseTrials_trial on Trial {\n    id\n    number\n    name\n    learner\n    state\n    error\n    version\n    score\n    rounds\n    curve {\n      round\n      loss\n    }\n    startedAt\n    finishedAt\n  }\n": typeof types.UseTrials_TrialFragmentDoc,
    "\n  query Trials($job: ID!, $after: String) {\n    node(id: $job) {\n      __typename\n      ... on Job {\n        id\n        trials(first: 100, after: $after) {\n          edges {\n            node {\n              ...UseTrials_trial\n            }\n          }\n          pageInfo {\n            hasNextPage\n            endCursor\n          }\n        }\n      }\n    }\n  }\n": typeof types.TrialsDocument,
    "\n  subscription TrialUpdated($job: ID!) {\n    trialUpdated(jobId: $job) {\n      ...UseTrials_trial\n    }\n  }\n": typeof types.TrialUpdatedDocument,
    "\n  fragment AttributionCard_evaluation on Evaluation {\n    attributionRows\n    attribution {\n      column\n      meanAbsolute\n    }\n  }\n": typeof types.AttributionCard_EvaluationFragmentDoc,
    "\n  fragment CalibrationCard_evaluation on Evaluation {\n    calibration {\n      predicted\n      actual\n      count\n    }\n  }\n": typeof types.CalibrationCard_EvaluationFragmentDoc,
    "\n  fragment Certificate_model on Model {\n    id\n    onnxWithheld\n    certificate {\n      runtime\n      sha256\n      holdoutRows\n      edgeRows\n      largestDifference\n      tolerance\n    }\n  }\n": typeof types.Certificate_ModelFragmentDoc,
    "\n  fragment ClassesCard_evaluation on Evaluation {\n    classReports {\n      label\n      precision\n      recall\n      f1\n      support\n    }\n  }\n": typeof types.ClassesCard_EvaluationFragmentDoc,
    "\n  fragment ConfusionCard_evaluation on Evaluation {\n    confusion {\n      labels\n      counts\n    }\n  }\n": typeof types.ConfusionCard_EvaluationFragmentDoc,
    "\n  fragment DecisionsCard_evaluation on Evaluation {\n    calibrationDecision {\n      isKept\n      holdoutBefore\n      holdoutAfter\n      reason\n    }\n    threshold {\n      threshold\n      precision\n      recall\n      reason\n    }\n    latency {\n      milliseconds\n      limitMilliseconds\n      nothingFits\n    }\n    coverage {\n      level\n      coverage\n      size\n      rows\n    }\n  }\n": typeof types.DecisionsCard_EvaluationFragmentDoc,
    "\n  fragment DependenceCard_evaluation on Evaluation {\n    dependence {\n      column\n      classes\n      rows\n      lines\n      points {\n        value\n        label\n        means\n      }\n    }\n  }\n": typeof types.DependenceCard_EvaluationFragmentDoc,
    "\n  fragment DeployCard_model on Model {\n    id\n    deployed\n    deployable\n    ...Certificate_model\n  }\n": typeof types.DeployCard_ModelFragmentDoc,
    "\n  mutation DeployModel($input: DeployModelInput!) {\n    deployModel(input: $input) {\n      model {\n        id\n        deployed\n        deployable\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": typeof types.DeployModelDocument,
    "\n  mutation UndeployModel($input: UndeployModelInput!) {\n    undeployModel(input: $input) {\n      model {\n        id\n        deployed\n        deployable\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": typeof types.UndeployModelDocument,
    "\n  fragment DownloadsCard_model on Model {\n    id\n    downloads {\n      kind\n      fileName\n      sizeBytes\n    }\n  }\n": typeof types.DownloadsCard_ModelFragmentDoc,
    "\n  query DownloadLinks($model: ID!) {\n    node(id: $model) {\n      __typename\n      ... on Model {\n        id\n        downloads {\n          kind\n          fileName\n          url\n        }\n      }\n    }\n  }\n": typeof types.DownloadLinksDocument,
    "\n  fragment ErrorsCard_evaluation on Evaluation {\n    residuals {\n      from\n      to\n      count\n    }\n    errorBands {\n      from\n      to\n      count\n      meanError\n      meanAbsoluteError\n    }\n  }\n": typeof types.ErrorsCard_EvaluationFragmentDoc,
    "\n  fragment ImportanceCard_evaluation on Evaluation {\n    importance {\n      column\n      importance\n      sd\n    }\n  }\n": typeof types.ImportanceCard_EvaluationFragmentDoc,
    "\n  fragment MetricsCard_evaluation on Evaluation {\n    metrics {\n      metric\n      value\n      higherIsBetter\n    }\n  }\n": typeof types.MetricsCard_EvaluationFragmentDoc,
    "\n  fragment ModelResults_model on Model {\n    id\n    target\n    classes\n    ...ScoreCard_model\n    ...DeployCard_model\n    ...DownloadsCard_model\n    evaluation {\n      ...MetricsCard_evaluation\n      ...ConfusionCard_evaluation\n      ...RocCard_evaluation\n      ...ThresholdCard_evaluation\n      ...CalibrationCard_evaluation\n      ...ClassesCard_evaluation\n      ...ErrorsCard_evaluation\n      ...PredictedActualCard_evaluation\n      ...ImportanceCard_evaluation\n      ...AttributionCard_evaluation\n      ...DependenceCard_evaluation\n      ...DecisionsCard_evaluation\n    }\n  }\n": typeof types.ModelResults_ModelFragmentDoc,
    "\n  fragment PredictForm_model on Model {\n    id\n    target\n    problem\n    inputs {\n      name\n      kind\n      min\n      max\n      examples\n      typical\n    }\n    evaluation {\n      coverage {\n        level\n      }\n      importance {\n        column\n        importance\n      }\n    }\n  }\n": typeof types.PredictForm_ModelFragmentDoc,
    "\n  fragment PredictedActualCard_evaluation on Evaluation {\n    predictedActual {\n      x\n      y\n    }\n  }\n": typeof types.PredictedActualCard_EvaluationFragmentDoc,
    "\n  fragment RocCard_evaluation on Evaluation {\n    roc {\n      x\n      y\n    }\n    cuts {\n      threshold\n    }\n    metrics {\n      metric\n      value\n    }\n  }\n": typeof types.RocCard_EvaluationFragmentDoc,
    "\n  fragment ScoreCard_model on Model {\n    id\n    target\n    members {\n      name\n      weight\n    }\n    evaluation {\n      metric\n      holdoutRows\n      score\n      low\n      high\n      baseline\n      isBetterThanBaseline\n      summary\n    }\n  }\n": typeof types.ScoreCard_ModelFragmentDoc,
    "\n  fragment ThresholdCard_evaluation on Evaluation {\n    threshold {\n      threshold\n    }\n    cuts {\n      threshold\n      truePositives\n      falsePositives\n      positives\n      negatives\n    }\n    metrics {\n      metric\n      value\n    }\n  }\n": typeof types.ThresholdCard_EvaluationFragmentDoc,
    "\n  mutation Predict($input: PredictInput!) {\n    predict(input: $input) {\n      predictions {\n        label\n        value\n        probability\n        probabilities {\n          label\n          probability\n        }\n        interval {\n          low\n          high\n        }\n        labelSet\n        contributions {\n          label\n          base\n          columns {\n            column\n            value\n          }\n        }\n        warnings {\n          kind\n          column\n          message\n        }\n      }\n      inferenceMicroseconds\n      userErrors {\n        message\n      }\n    }\n  }\n": typeof types.PredictDocument,
    "\n  query AdminLink {\n    viewer {\n      id\n      role\n    }\n  }\n": typeof types.AdminLinkDocument,
    "\n  mutation SignIn($input: SignInInput!) {\n    signIn(input: $input) {\n      tokens {\n        accessToken\n        accessTokenExpiresAt\n        refreshToken\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": typeof types.SignInDocument,
    "\n  fragment EmailForm_user on User {\n    id\n    email\n  }\n": typeof types.EmailForm_UserFragmentDoc,
    "\n  mutation UpdateEmail($input: UpdateEmailInput!) {\n    updateEmail(input: $input) {\n      user {\n        ...EmailForm_user\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": typeof types.UpdateEmailDocument,
    "\n  fragment NotificationSwitches_user on User {\n    id\n    notificationPreferences {\n      mail\n      completed\n      failed\n    }\n  }\n": typeof types.NotificationSwitches_UserFragmentDoc,
    "\n  mutation UpdateNotificationPreferences($input: UpdateNotificationPreferencesInput!) {\n    updateNotificationPreferences(input: $input) {\n      user {\n        ...NotificationSwitches_user\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": typeof types.UpdateNotificationPreferencesDocument,
    "\n  fragment PasswordForms_user on User {\n    id\n    email\n    hasPassword\n  }\n": typeof types.PasswordForms_UserFragmentDoc,
    "\n  mutation SetPassword($input: SetPasswordInput!) {\n    setPassword(input: $input) {\n      user {\n        ...PasswordForms_user\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": typeof types.SetPasswordDocument,
    "\n  mutation UpdatePassword($input: UpdatePasswordInput!) {\n    updatePassword(input: $input) {\n      userErrors {\n        message\n      }\n    }\n  }\n": typeof types.UpdatePasswordDocument,
    "\n  fragment SessionList_user on User {\n    id\n    sessions {\n      id\n      client\n      createdAt\n      refreshedAt\n      expiresAt\n      isCurrent\n    }\n  }\n": typeof types.SessionList_UserFragmentDoc,
    "\n  mutation EndSession($input: EndSessionInput!) {\n    endSession(input: $input) {\n      userErrors {\n        message\n      }\n    }\n  }\n": typeof types.EndSessionDocument,
    "\n  mutation SignOut($input: SignOutInput!) {\n    signOut(input: $input) {\n      endedCount\n      userErrors {\n        message\n      }\n    }\n  }\n": typeof types.SignOutDocument,
    "\n  fragment TokenList_user on User {\n    id\n    apiTokens {\n      id\n      name\n      scopes\n      createdAt\n      expiresAt\n      lastUsedAt\n    }\n  }\n": typeof types.TokenList_UserFragmentDoc,
    "\n  mutation CreateApiToken($input: CreateApiTokenInput!) {\n    createApiToken(input: $input) {\n      secret\n      userErrors {\n        message\n      }\n    }\n  }\n": typeof types.CreateApiTokenDocument,
    "\n  mutation DeleteApiToken($input: DeleteApiTokenInput!) {\n    deleteApiToken(input: $input) {\n      userErrors {\n        message\n      }\n    }\n  }\n": typeof types.DeleteApiTokenDocument,
    "\n  mutation CreateUpload($input: CreateUploadInput!) {\n    createUpload(input: $input) {\n      upload {\n        id\n        method\n        url\n        partSizeBytes\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": typeof types.CreateUploadDocument,
    "\n  query UploadProgress($id: ID!) {\n    upload(id: $id) {\n      id\n      method\n      url\n      partSizeBytes\n      receivedBytes\n      sizeBytes\n      parts {\n        number\n      }\n    }\n  }\n": typeof types.UploadProgressDocument,
    "\n  query UploadForm($id: ID!) {\n    upload(id: $id) {\n      id\n      url\n      formFields {\n        name\n        value\n      }\n    }\n  }\n": typeof types.UploadFormDocument,
    "\n  mutation SignUploadParts($input: SignUploadPartsInput!) {\n    signUploadParts(input: $input) {\n      links {\n        number\n        url\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": typeof types.SignUploadPartsDocument,
    "\n  mutation CompleteUpload($input: CompleteUploadInput!) {\n    completeUpload(input: $input) {\n      dataset {\n        id\n        name\n        state\n        version\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": typeof types.CompleteUploadDocument,
    "\n  mutation CancelUpload($input: CancelUploadInput!) {\n    cancelUpload(input: $input) {\n      cancelledUploadId\n      userErrors {\n        message\n      }\n    }\n  }\n": typeof types.CancelUploadDocument,
    "\n  mutation RefreshSession($input: RefreshSessionInput!) {\n    refreshSession(input: $input) {\n      tokens {\n        accessToken\n        accessTokenExpiresAt\n        refreshToken\n      }\n      userErrors {\n        code\n        message\n      }\n    }\n  }\n": typeof types.RefreshSessionDocument,
    "\n  query AdminQueue {\n    admin {\n      queue {\n        ...QueueCard_queue\n      }\n      workers(first: 50) {\n        ...WorkersCard_workers\n      }\n      deadTasks(first: 20) {\n        ...DeadTasksCard_tasks\n      }\n    }\n  }\n": typeof types.AdminQueueDocument,
    "\n  query AdminPeople($first: Int!, $after: String, $filter: UserFilter) {\n    viewer {\n      id\n    }\n    admin {\n      users(first: $first, after: $after, filter: $filter) {\n        ...PeopleList_users\n        pageInfo {\n          hasNextPage\n          endCursor\n        }\n      }\n    }\n  }\n": typeof types.AdminPeopleDocument,
    "\n  query AdminAudit($first: Int!, $after: String) {\n    admin {\n      auditLog(first: $first, after: $after) {\n        ...AuditList_entries\n        pageInfo {\n          hasNextPage\n          endCursor\n        }\n      }\n    }\n  }\n": typeof types.AdminAuditDocument,
    "\n  query BatchPage($id: ID!, $first: Int!, $after: String) {\n    serverInfo {\n      uploadLimitBytes\n    }\n    node(id: $id) {\n      __typename\n      ... on Model {\n        id\n        name\n        target\n        job {\n          id\n          name\n        }\n        batchPredictions(first: $first, after: $after) {\n          edges {\n            node {\n              id\n              ...BatchCard_batch\n            }\n          }\n          pageInfo {\n            hasNextPage\n            endCursor\n          }\n        }\n      }\n    }\n  }\n": typeof types.BatchPageDocument,
    "\n  query Compare($jobs: [ID!]!) {\n    comparison(jobIds: $jobs) {\n      sameHoldout\n      jobs {\n        id\n        name\n        state\n      }\n      metrics {\n        metric\n        higherIsBetter\n        values\n        best\n      }\n      settings {\n        name\n        values\n      }\n      importance {\n        column\n        values\n      }\n      ...RocOverlay_jobs\n    }\n  }\n": typeof types.CompareDocument,
    "\n  query Configure($id: ID!) {\n    node(id: $id) {\n      __typename\n      ... on Dataset {\n        id\n        name\n        version\n        ...ConfigureForm_dataset\n        profile {\n          columns {\n            name\n            asTarget {\n              usable\n              reason\n            }\n          }\n        }\n      }\n    }\n  }\n": typeof types.ConfigureDocument,
    "\n  query Dataset($id: ID!) {\n    node(id: $id) {\n      __typename\n      ... on Dataset {\n        id\n        name\n        fileName\n        sizeBytes\n        state\n        error\n        version\n        profile {\n          ...DatasetFacts_profile\n          ...TargetPicker_profile\n          ...ColumnTable_profile\n          ...PreviewTable_profile\n        }\n      }\n    }\n  }\n": typeof types.DatasetDocument,
    "\n  query Datasets($first: Int!, $after: String, $filter: DatasetFilter, $orderBy: DatasetOrder) {\n    datasets(first: $first, after: $after, filter: $filter, orderBy: $orderBy) {\n      ...DatasetList_datasets\n      totalCount\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": typeof types.DatasetsDocument,
    "\n  query History($first: Int!, $after: String, $filter: JobFilter, $orderBy: JobOrder) {\n    jobs(first: $first, after: $after, filter: $filter, orderBy: $orderBy) {\n      ...HistoryList_jobs\n      edges {\n        node {\n          id\n          state\n        }\n      }\n      totalCount\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": typeof types.HistoryDocument,
    "\n  query Home($jobs: Int!, $jobsAfter: String, $datasets: Int!) {\n    serverInfo {\n      uploadLimitBytes\n      ...SampleList_info\n    }\n    jobs(first: $jobs, after: $jobsAfter) {\n      ...JobList_jobs\n      edges {\n        node {\n          id\n          state\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n    datasets(first: $datasets) {\n      ...DatasetList_datasets\n      edges {\n        node {\n          id\n        }\n      }\n    }\n  }\n": typeof types.HomeDocument,
    "\n  query Job($id: ID!) {\n    node(id: $id) {\n      __typename\n      ... on Job {\n        id\n        name\n        state\n        error\n        version\n        target\n        notes\n        dataset {\n          id\n          name\n        }\n        ...JobActions_job\n        ...StepTimeline_job\n        ...JobProgressCard_job\n        ...BestSoFar_job\n        ...Leaderboard_job\n        ...SettingsCard_job\n        ...ExtendJob_job\n        ...CloneJob_job\n        ...NotesCard_job\n        ...JobLog_job\n        model {\n          id\n          ...ModelResults_model\n        }\n      }\n    }\n  }\n": typeof types.JobDocument,
    "\n  query PredictPage($id: ID!) {\n    node(id: $id) {\n      __typename\n      ... on Model {\n        id\n        name\n        target\n        deployed\n        job {\n          id\n          name\n        }\n        ...PredictForm_model\n      }\n    }\n  }\n": typeof types.PredictPageDocument,
    "\n  mutation RequestPasswordReset($input: RequestPasswordResetInput!) {\n    requestPasswordReset(input: $input) {\n      accepted\n      userErrors {\n        message\n      }\n    }\n  }\n": typeof types.RequestPasswordResetDocument,
    "\n  mutation ResetPassword($input: ResetPasswordInput!) {\n    resetPassword(input: $input) {\n      changed\n      userErrors {\n        message\n      }\n    }\n  }\n": typeof types.ResetPasswordDocument,
    "\n  query Settings {\n    viewer {\n      id\n      ...EmailForm_user\n      ...NotificationSwitches_user\n      ...PasswordForms_user\n      ...SessionList_user\n      ...TokenList_user\n    }\n  }\n": typeof types.SettingsDocument,
    "\n  mutation SignInWithCode($input: SignInWithCodeInput!) {\n    signInWithCode(input: $input) {\n      tokens {\n        accessToken\n        accessTokenExpiresAt\n        refreshToken\n      }\n      userErrors {\n        code\n        message\n      }\n    }\n  }\n": typeof types.SignInWithCodeDocument,
    "\n  mutation SignUp($input: SignUpInput!) {\n    signUp(input: $input) {\n      accepted\n      userErrors {\n        message\n      }\n    }\n  }\n": typeof types.SignUpDocument,
    "\n  mutation VerifyEmail($input: VerifyEmailInput!) {\n    verifyEmail(input: $input) {\n      verified\n      userErrors {\n        message\n      }\n    }\n  }\n": typeof types.VerifyEmailDocument,
};
const documents: Documents = {
    "\n  fragment AuditList_entries on AuditEntryConnection {\n    edges {\n      node {\n        id\n        number\n        at\n        action\n        actorKind\n        subjectKind\n        subject\n        reason\n        before\n        after\n        address\n        actor {\n          id\n          name\n        }\n      }\n    }\n  }\n": types.AuditList_EntriesFragmentDoc,
    "\n  fragment DeadTasksCard_tasks on TaskConnection {\n    edges {\n      node {\n        id\n        kind\n        error\n        failures\n        crashes\n        updatedAt\n        owner {\n          id\n          name\n        }\n        job {\n          id\n          name\n        }\n      }\n    }\n  }\n": types.DeadTasksCard_TasksFragmentDoc,
    "\n  mutation RequeueTask($input: RequeueTaskInput!) {\n    requeueTask(input: $input) {\n      userErrors {\n        message\n      }\n    }\n  }\n": types.RequeueTaskDocument,
    "\n  fragment PeopleList_users on UserConnection {\n    edges {\n      node {\n        id\n        name\n        email\n        role\n        suspendedAt\n        createdAt\n        quotas {\n          unfinishedJobs {\n            used\n          }\n        }\n      }\n    }\n  }\n": types.PeopleList_UsersFragmentDoc,
    "\n  mutation SuspendUser($input: SuspendUserInput!) {\n    suspendUser(input: $input) {\n      user {\n        id\n        suspendedAt\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": types.SuspendUserDocument,
    "\n  mutation RestoreUser($input: RestoreUserInput!) {\n    restoreUser(input: $input) {\n      user {\n        id\n        suspendedAt\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": types.RestoreUserDocument,
    "\n  mutation SetUserRole($input: SetUserRoleInput!) {\n    setUserRole(input: $input) {\n      user {\n        id\n        role\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": types.SetUserRoleDocument,
    "\n  mutation RevokeUserSessions($input: RevokeUserSessionsInput!) {\n    revokeUserSessions(input: $input) {\n      userErrors {\n        message\n      }\n    }\n  }\n": types.RevokeUserSessionsDocument,
    "\n  fragment QueueCard_queue on TaskQueue {\n    queued\n    running\n    dead\n    oldestQueuedAt\n    isPaused\n    workers\n    slots\n    version\n    byKind {\n      kind\n      queued\n      running\n    }\n    pauses {\n      kind\n      capability\n      reason\n      pausedAt\n    }\n  }\n": types.QueueCard_QueueFragmentDoc,
    "\n  mutation PauseQueue($input: PauseQueueInput!) {\n    pauseQueue(input: $input) {\n      userErrors {\n        message\n      }\n    }\n  }\n": types.PauseQueueDocument,
    "\n  mutation ResumeQueue($input: ResumeQueueInput!) {\n    resumeQueue(input: $input) {\n      userErrors {\n        message\n      }\n    }\n  }\n": types.ResumeQueueDocument,
    "\n  fragment WorkersCard_workers on WorkerConnection {\n    edges {\n      node {\n        id\n        name\n        host\n        version\n        device\n        slots\n        threads\n        memoryBytes\n        seenAt\n        startedAt\n        isDraining\n        tasks {\n          id\n          kind\n          job {\n            id\n            name\n          }\n        }\n      }\n    }\n  }\n": types.WorkersCard_WorkersFragmentDoc,
    "\n  mutation DrainWorker($input: DrainWorkerInput!) {\n    drainWorker(input: $input) {\n      worker {\n        id\n        isDraining\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": types.DrainWorkerDocument,
    "\n  fragment BatchCard_batch on BatchPrediction {\n    id\n    version\n    fileName\n    sizeBytes\n    state\n    error\n    createdAt\n    progress {\n      rowsDone\n      rowsInError\n      share\n    }\n    ...BatchReport_batch\n  }\n": types.BatchCard_BatchFragmentDoc,
    "\n  query BatchLinks($id: ID!) {\n    node(id: $id) {\n      __typename\n      ... on BatchPrediction {\n        id\n        downloads {\n          format\n          fileName\n          url\n        }\n      }\n    }\n  }\n": types.BatchLinksDocument,
    "\n  mutation CancelBatchPrediction($input: CancelBatchPredictionInput!) {\n    cancelBatchPrediction(input: $input) {\n      userErrors {\n        message\n      }\n    }\n  }\n": types.CancelBatchPredictionDocument,
    "\n  mutation DeleteBatchPrediction($input: DeleteBatchPredictionInput!) {\n    deleteBatchPrediction(input: $input) {\n      userErrors {\n        message\n      }\n    }\n  }\n": types.DeleteBatchPredictionDocument,
    "\n  fragment BatchLive_version on BatchPrediction {\n    id\n    version\n  }\n": types.BatchLive_VersionFragmentDoc,
    "\n  subscription BatchUpdated($id: ID!) {\n    batchPredictionUpdated(id: $id) {\n      ...BatchLive_version\n      id\n      state\n      error\n      progress {\n        rowsDone\n        rowsInError\n        share\n      }\n    }\n  }\n": types.BatchUpdatedDocument,
    "\n  fragment BatchReport_batch on BatchPrediction {\n    id\n    report {\n      rows\n      rowsInError\n      warnings\n      rowErrors {\n        row\n        column\n        message\n      }\n      evaluationAbsent\n      evaluation {\n        rows\n        metrics {\n          metric\n          value\n          holdout\n        }\n      }\n      drift {\n        absent\n        columns {\n          column\n          psi\n          level\n          absent\n          missingShare\n          trainingMissingShare\n        }\n      }\n    }\n  }\n": types.BatchReport_BatchFragmentDoc,
    "\n  mutation CreateBatchPrediction($input: CreateBatchPredictionInput!) {\n    createBatchPrediction(input: $input) {\n      batchPrediction {\n        id\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": types.CreateBatchPredictionDocument,
    "\n  fragment RocOverlay_jobs on JobComparison {\n    jobs {\n      id\n      name\n      model {\n        id\n        evaluation {\n          roc {\n            x\n            y\n          }\n        }\n      }\n    }\n  }\n": types.RocOverlay_JobsFragmentDoc,
    "\n  fragment ColumnRow_column on ColumnProfile {\n    name\n    role\n    evidence\n    missing\n    missingShare\n    distinct\n    min\n    max\n    mean\n    median\n    topValues {\n      value\n      count\n    }\n    histogram {\n      from\n      to\n      count\n    }\n    samples\n    warnings\n    asTarget {\n      usable\n    }\n  }\n": types.ColumnRow_ColumnFragmentDoc,
    "\n  fragment ColumnTable_profile on DatasetProfile {\n    columns {\n      name\n      ...ColumnRow_column\n    }\n  }\n": types.ColumnTable_ProfileFragmentDoc,
    "\n  fragment DatasetFacts_profile on DatasetProfile {\n    rows\n    sampledRows\n    duplicateRows\n    warnings\n    format {\n      type\n      delimiter\n      textEncoding\n      header\n      compressedBy\n    }\n    columns {\n      missingShare\n    }\n  }\n": types.DatasetFacts_ProfileFragmentDoc,
    "\n  fragment DatasetList_datasets on DatasetConnection {\n    edges {\n      node {\n        id\n        name\n        state\n        sizeBytes\n        createdAt\n        profile {\n          rows\n        }\n      }\n    }\n  }\n": types.DatasetList_DatasetsFragmentDoc,
    "\n  mutation DeleteDataset($input: DeleteDatasetInput!) {\n    deleteDataset(input: $input) {\n      deletedId\n      userErrors {\n        message\n      }\n    }\n  }\n": types.DeleteDatasetDocument,
    "\n  subscription DatasetUpdated($id: ID!) {\n    datasetUpdated(id: $id) {\n      id\n      state\n      error\n      version\n    }\n  }\n": types.DatasetUpdatedDocument,
    "\n  fragment PreviewTable_profile on DatasetProfile {\n    preview\n    columns {\n      name\n    }\n  }\n": types.PreviewTable_ProfileFragmentDoc,
    "\n  fragment SampleList_info on ServerInfo {\n    samples {\n      key\n      title\n      description\n      target\n      rows\n    }\n  }\n": types.SampleList_InfoFragmentDoc,
    "\n  mutation CreateSample($input: CreateSampleDatasetInput!) {\n    createSampleDataset(input: $input) {\n      dataset {\n        id\n        name\n        state\n        version\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": types.CreateSampleDocument,
    "\n  fragment TargetPicker_profile on DatasetProfile {\n    columns {\n      name\n      role\n      missing\n      asTarget {\n        usable\n        problem\n        reason\n        ambiguous\n        classes {\n          value\n          count\n        }\n      }\n    }\n  }\n": types.TargetPicker_ProfileFragmentDoc,
    "\n  mutation CancelJobs($input: CancelJobsInput!) {\n    cancelJobs(input: $input) {\n      outcomes {\n        jobId\n        job {\n          id\n          state\n          version\n        }\n        userErrors {\n          message\n        }\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": types.CancelJobsDocument,
    "\n  mutation DeleteJobs($input: DeleteJobsInput!) {\n    deleteJobs(input: $input) {\n      outcomes {\n        jobId\n        userErrors {\n          message\n        }\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": types.DeleteJobsDocument,
    "\n  mutation TagJobs($input: TagJobsInput!) {\n    tagJobs(input: $input) {\n      outcomes {\n        jobId\n        job {\n          id\n          version\n          tags\n        }\n        userErrors {\n          message\n        }\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": types.TagJobsDocument,
    "\n  fragment HistoryList_jobs on JobConnection {\n    edges {\n      node {\n        id\n        name\n        state\n        version\n        target\n        metric\n        score\n        tags\n        annotation\n        createdAt\n        dataset {\n          id\n          name\n        }\n      }\n    }\n  }\n": types.HistoryList_JobsFragmentDoc,
    "\n  fragment BestSoFar_job on Job {\n    id\n    metric\n    higherIsBetter\n    startedAt\n  }\n": types.BestSoFar_JobFragmentDoc,
    "\n  fragment CloneJob_job on Job {\n    id\n    problem\n    metric\n    settings {\n      budgetSeconds\n      preset\n      seed\n    }\n  }\n": types.CloneJob_JobFragmentDoc,
    "\n  mutation CloneJob($input: CloneJobInput!) {\n    cloneJob(input: $input) {\n      job {\n        id\n        name\n        state\n        version\n      }\n      userErrors {\n        message\n        field\n      }\n    }\n  }\n": types.CloneJobDocument,
    "\n  fragment ConfigureForm_dataset on Dataset {\n    id\n    profile {\n      rows\n      columns {\n        name\n        role\n        evidence\n        asTarget {\n          problem\n          reason\n        }\n      }\n    }\n  }\n": types.ConfigureForm_DatasetFragmentDoc,
    "\n  mutation CreateJob($input: CreateJobInput!) {\n    createJob(input: $input) {\n      job {\n        id\n        name\n        state\n        version\n      }\n      userErrors {\n        message\n        field\n      }\n    }\n  }\n": types.CreateJobDocument,
    "\n  fragment ExtendJob_job on Job {\n    id\n    state\n    version\n    settings {\n      budgetSeconds\n    }\n    progress {\n      secondsElapsed\n    }\n  }\n": types.ExtendJob_JobFragmentDoc,
    "\n  mutation ExtendJob($input: ExtendJobInput!) {\n    extendJob(input: $input) {\n      job {\n        ...ExtendJob_job\n        ...JobActions_job\n        ...StepTimeline_job\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": types.ExtendJobDocument,
    "\n  query ForecastLine($input: CreateJobInput!) {\n    jobEstimate(input: $input) {\n      forecast {\n        trials {\n          low\n          high\n        }\n        seconds {\n          low\n          high\n        }\n        memoryBytes {\n          low\n          high\n        }\n        measured\n        learners {\n          title\n        }\n        notes\n      }\n    }\n  }\n": types.ForecastLineDocument,
    "\n  fragment JobActions_job on Job {\n    id\n    name\n    state\n    version\n    progress {\n      trialsFinished\n    }\n  }\n": types.JobActions_JobFragmentDoc,
    "\n  mutation CancelJob($input: CancelJobInput!) {\n    cancelJob(input: $input) {\n      job {\n        ...JobActions_job\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": types.CancelJobDocument,
    "\n  mutation FinishJob($input: FinishJobInput!) {\n    finishJob(input: $input) {\n      job {\n        ...JobActions_job\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": types.FinishJobDocument,
    "\n  mutation DeleteJob($input: DeleteJobInput!) {\n    deleteJob(input: $input) {\n      deletedId\n      userErrors {\n        message\n      }\n    }\n  }\n": types.DeleteJobDocument,
    "\n  fragment JobList_jobs on JobConnection {\n    edges {\n      node {\n        id\n        name\n        state\n        version\n        target\n        metric\n        createdAt\n        progress {\n          trialsFinished\n          bestScore\n        }\n        dataset {\n          id\n          name\n        }\n      }\n    }\n  }\n": types.JobList_JobsFragmentDoc,
    "\n  fragment JobLive_version on Job {\n    id\n    version\n    state\n  }\n": types.JobLive_VersionFragmentDoc,
    "\n  fragment JobLive_job on Job {\n    ...JobLive_version\n    error\n    notes\n    ...JobActions_job\n    ...StepTimeline_job\n    ...JobProgressCard_job\n    ...BestSoFar_job\n    ...Leaderboard_job\n    ...SettingsCard_job\n    ...ExtendJob_job\n    ...CloneJob_job\n    ...JobLog_job\n  }\n": types.JobLive_JobFragmentDoc,
    "\n  subscription JobUpdated($id: ID!) {\n    jobUpdated(id: $id) {\n      ...JobLive_job\n    }\n  }\n": types.JobUpdatedDocument,
    "\n  fragment JobLog_job on Job {\n    id\n    createdAt\n    higherIsBetter\n    steps {\n      name\n      state\n      startedAt\n      finishedAt\n    }\n  }\n": types.JobLog_JobFragmentDoc,
    "\n  fragment JobProgressCard_job on Job {\n    id\n    state\n    metric\n    settings {\n      budgetSeconds\n    }\n    progress {\n      trialsFinished\n      trialsRunning\n      trialsFailed\n      bestScore\n      bestTrial\n      secondsElapsed\n      secondsLeft\n    }\n  }\n": types.JobProgressCard_JobFragmentDoc,
    "\n  fragment Leaderboard_job on Job {\n    id\n    metric\n    leaderboard {\n      rank\n      name\n      kind\n      learner\n      score\n      scoreSd\n      fitSeconds\n      weight\n      state\n      error\n    }\n  }\n": types.Leaderboard_JobFragmentDoc,
    "\n  fragment NotesCard_job on Job {\n    id\n    version\n    tags\n    annotation\n  }\n": types.NotesCard_JobFragmentDoc,
    "\n  mutation TagJob($input: TagJobsInput!) {\n    tagJobs(input: $input) {\n      outcomes {\n        jobId\n        job {\n          ...NotesCard_job\n        }\n        userErrors {\n          message\n        }\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": types.TagJobDocument,
    "\n  mutation AnnotateJob($input: AnnotateJobInput!) {\n    annotateJob(input: $input) {\n      job {\n        ...NotesCard_job\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": types.AnnotateJobDocument,
    "\n  mutation RetryJob($input: RetryJobInput!) {\n    retryJob(input: $input) {\n      job {\n        error\n        ...JobActions_job\n        ...StepTimeline_job\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": types.RetryJobDocument,
    "\n  fragment SettingsCard_job on Job {\n    id\n    problem\n    metric\n    finishedAt\n    progress {\n      secondsElapsed\n    }\n    settings {\n      budgetSeconds\n      preset\n      seed\n      exclude\n      gpu\n    }\n  }\n": types.SettingsCard_JobFragmentDoc,
    "\n  fragment StepTimeline_job on Job {\n    id\n    steps {\n      name\n      state\n      startedAt\n      finishedAt\n      error\n      attempts\n      retryAt\n    }\n  }\n": types.StepTimeline_JobFragmentDoc,
    "\n  query TrialDialog($id: ID!) {\n    node(id: $id) {\n      __typename\n      ... on Trial {\n        id\n        number\n        name\n        learner\n        state\n        error\n        device\n        notes\n        parameters\n        score\n        scoreSd\n        foldScores\n        fitSeconds\n        predictMicrosecondsPerRow\n        rounds\n        stopReason\n        curve {\n          round\n          loss\n        }\n      }\n    }\n  }\n": types.TrialDialogDocument,
    "\n  fragment UseTrials_trial on Trial {\n    id\n    number\n    name\n    learner\n    state\n    error\n    version\n    score\n    rounds\n    curve {\n      round\n      loss\n    }\n    startedAt\n    finishedAt\n  }\n": types.UseTrials_TrialFragmentDoc,
    "\n  query Trials($job: ID!, $after: String) {\n    node(id: $job) {\n      __typename\n      ... on Job {\n        id\n        trials(first: 100, after: $after) {\n          edges {\n            node {\n              ...UseTrials_trial\n            }\n          }\n          pageInfo {\n            hasNextPage\n            endCursor\n          }\n        }\n      }\n    }\n  }\n": types.TrialsDocument,
    "\n  subscription TrialUpdated($job: ID!) {\n    trialUpdated(jobId: $job) {\n      ...UseTrials_trial\n    }\n  }\n": types.TrialUpdatedDocument,
    "\n  fragment AttributionCard_evaluation on Evaluation {\n    attributionRows\n    attribution {\n      column\n      meanAbsolute\n    }\n  }\n": types.AttributionCard_EvaluationFragmentDoc,
    "\n  fragment CalibrationCard_evaluation on Evaluation {\n    calibration {\n      predicted\n      actual\n      count\n    }\n  }\n": types.CalibrationCard_EvaluationFragmentDoc,
    "\n  fragment Certificate_model on Model {\n    id\n    onnxWithheld\n    certificate {\n      runtime\n      sha256\n      holdoutRows\n      edgeRows\n      largestDifference\n      tolerance\n    }\n  }\n": types.Certificate_ModelFragmentDoc,
    "\n  fragment ClassesCard_evaluation on Evaluation {\n    classReports {\n      label\n      precision\n      recall\n      f1\n      support\n    }\n  }\n": types.ClassesCard_EvaluationFragmentDoc,
    "\n  fragment ConfusionCard_evaluation on Evaluation {\n    confusion {\n      labels\n      counts\n    }\n  }\n": types.ConfusionCard_EvaluationFragmentDoc,
    "\n  fragment DecisionsCard_evaluation on Evaluation {\n    calibrationDecision {\n      isKept\n      holdoutBefore\n      holdoutAfter\n      reason\n    }\n    threshold {\n      threshold\n      precision\n      recall\n      reason\n    }\n    latency {\n      milliseconds\n      limitMilliseconds\n      nothingFits\n    }\n    coverage {\n      level\n      coverage\n      size\n      rows\n    }\n  }\n": types.DecisionsCard_EvaluationFragmentDoc,
    "\n  fragment DependenceCard_evaluation on Evaluation {\n    dependence {\n      column\n      classes\n      rows\n      lines\n      points {\n        value\n        label\n        means\n      }\n    }\n  }\n": types.DependenceCard_EvaluationFragmentDoc,
    "\n  fragment DeployCard_model on Model {\n    id\n    deployed\n    deployable\n    ...Certificate_model\n  }\n": types.DeployCard_ModelFragmentDoc,
    "\n  mutation DeployModel($input: DeployModelInput!) {\n    deployModel(input: $input) {\n      model {\n        id\n        deployed\n        deployable\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": types.DeployModelDocument,
    "\n  mutation UndeployModel($input: UndeployModelInput!) {\n    undeployModel(input: $input) {\n      model {\n        id\n        deployed\n        deployable\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": types.UndeployModelDocument,
    "\n  fragment DownloadsCard_model on Model {\n    id\n    downloads {\n      kind\n      fileName\n      sizeBytes\n    }\n  }\n": types.DownloadsCard_ModelFragmentDoc,
    "\n  query DownloadLinks($model: ID!) {\n    node(id: $model) {\n      __typename\n      ... on Model {\n        id\n        downloads {\n          kind\n          fileName\n          url\n        }\n      }\n    }\n  }\n": types.DownloadLinksDocument,
    "\n  fragment ErrorsCard_evaluation on Evaluation {\n    residuals {\n      from\n      to\n      count\n    }\n    errorBands {\n      from\n      to\n      count\n      meanError\n      meanAbsoluteError\n    }\n  }\n": types.ErrorsCard_EvaluationFragmentDoc,
    "\n  fragment ImportanceCard_evaluation on Evaluation {\n    importance {\n      column\n      importance\n      sd\n    }\n  }\n": types.ImportanceCard_EvaluationFragmentDoc,
    "\n  fragment MetricsCard_evaluation on Evaluation {\n    metrics {\n      metric\n      value\n      higherIsBetter\n    }\n  }\n": types.MetricsCard_EvaluationFragmentDoc,
    "\n  fragment ModelResults_model on Model {\n    id\n    target\n    classes\n    ...ScoreCard_model\n    ...DeployCard_model\n    ...DownloadsCard_model\n    evaluation {\n      ...MetricsCard_evaluation\n      ...ConfusionCard_evaluation\n      ...RocCard_evaluation\n      ...ThresholdCard_evaluation\n      ...CalibrationCard_evaluation\n      ...ClassesCard_evaluation\n      ...ErrorsCard_evaluation\n      ...PredictedActualCard_evaluation\n      ...ImportanceCard_evaluation\n      ...AttributionCard_evaluation\n      ...DependenceCard_evaluation\n      ...DecisionsCard_evaluation\n    }\n  }\n": types.ModelResults_ModelFragmentDoc,
    "\n  fragment PredictForm_model on Model {\n    id\n    target\n    problem\n    inputs {\n      name\n      kind\n      min\n      max\n      examples\n      typical\n    }\n    evaluation {\n      coverage {\n        level\n      }\n      importance {\n        column\n        importance\n      }\n    }\n  }\n": types.PredictForm_ModelFragmentDoc,
    "\n  fragment PredictedActualCard_evaluation on Evaluation {\n    predictedActual {\n      x\n      y\n    }\n  }\n": types.PredictedActualCard_EvaluationFragmentDoc,
    "\n  fragment RocCard_evaluation on Evaluation {\n    roc {\n      x\n      y\n    }\n    cuts {\n      threshold\n    }\n    metrics {\n      metric\n      value\n    }\n  }\n": types.RocCard_EvaluationFragmentDoc,
    "\n  fragment ScoreCard_model on Model {\n    id\n    target\n    members {\n      name\n      weight\n    }\n    evaluation {\n      metric\n      holdoutRows\n      score\n      low\n      high\n      baseline\n      isBetterThanBaseline\n      summary\n    }\n  }\n": types.ScoreCard_ModelFragmentDoc,
    "\n  fragment ThresholdCard_evaluation on Evaluation {\n    threshold {\n      threshold\n    }\n    cuts {\n      threshold\n      truePositives\n      falsePositives\n      positives\n      negatives\n    }\n    metrics {\n      metric\n      value\n    }\n  }\n": types.ThresholdCard_EvaluationFragmentDoc,
    "\n  mutation Predict($input: PredictInput!) {\n    predict(input: $input) {\n      predictions {\n        label\n        value\n        probability\n        probabilities {\n          label\n          probability\n        }\n        interval {\n          low\n          high\n        }\n        labelSet\n        contributions {\n          label\n          base\n          columns {\n            column\n            value\n          }\n        }\n        warnings {\n          kind\n          column\n          message\n        }\n      }\n      inferenceMicroseconds\n      userErrors {\n        message\n      }\n    }\n  }\n": types.PredictDocument,
    "\n  query AdminLink {\n    viewer {\n      id\n      role\n    }\n  }\n": types.AdminLinkDocument,
    "\n  mutation SignIn($input: SignInInput!) {\n    signIn(input: $input) {\n      tokens {\n        accessToken\n        accessTokenExpiresAt\n        refreshToken\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": types.SignInDocument,
    "\n  fragment EmailForm_user on User {\n    id\n    email\n  }\n": types.EmailForm_UserFragmentDoc,
    "\n  mutation UpdateEmail($input: UpdateEmailInput!) {\n    updateEmail(input: $input) {\n      user {\n        ...EmailForm_user\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": types.UpdateEmailDocument,
    "\n  fragment NotificationSwitches_user on User {\n    id\n    notificationPreferences {\n      mail\n      completed\n      failed\n    }\n  }\n": types.NotificationSwitches_UserFragmentDoc,
    "\n  mutation UpdateNotificationPreferences($input: UpdateNotificationPreferencesInput!) {\n    updateNotificationPreferences(input: $input) {\n      user {\n        ...NotificationSwitches_user\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": types.UpdateNotificationPreferencesDocument,
    "\n  fragment PasswordForms_user on User {\n    id\n    email\n    hasPassword\n  }\n": types.PasswordForms_UserFragmentDoc,
    "\n  mutation SetPassword($input: SetPasswordInput!) {\n    setPassword(input: $input) {\n      user {\n        ...PasswordForms_user\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": types.SetPasswordDocument,
    "\n  mutation UpdatePassword($input: UpdatePasswordInput!) {\n    updatePassword(input: $input) {\n      userErrors {\n        message\n      }\n    }\n  }\n": types.UpdatePasswordDocument,
    "\n  fragment SessionList_user on User {\n    id\n    sessions {\n      id\n      client\n      createdAt\n      refreshedAt\n      expiresAt\n      isCurrent\n    }\n  }\n": types.SessionList_UserFragmentDoc,
    "\n  mutation EndSession($input: EndSessionInput!) {\n    endSession(input: $input) {\n      userErrors {\n        message\n      }\n    }\n  }\n": types.EndSessionDocument,
    "\n  mutation SignOut($input: SignOutInput!) {\n    signOut(input: $input) {\n      endedCount\n      userErrors {\n        message\n      }\n    }\n  }\n": types.SignOutDocument,
    "\n  fragment TokenList_user on User {\n    id\n    apiTokens {\n      id\n      name\n      scopes\n      createdAt\n      expiresAt\n      lastUsedAt\n    }\n  }\n": types.TokenList_UserFragmentDoc,
    "\n  mutation CreateApiToken($input: CreateApiTokenInput!) {\n    createApiToken(input: $input) {\n      secret\n      userErrors {\n        message\n      }\n    }\n  }\n": types.CreateApiTokenDocument,
    "\n  mutation DeleteApiToken($input: DeleteApiTokenInput!) {\n    deleteApiToken(input: $input) {\n      userErrors {\n        message\n      }\n    }\n  }\n": types.DeleteApiTokenDocument,
    "\n  mutation CreateUpload($input: CreateUploadInput!) {\n    createUpload(input: $input) {\n      upload {\n        id\n        method\n        url\n        partSizeBytes\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": types.CreateUploadDocument,
    "\n  query UploadProgress($id: ID!) {\n    upload(id: $id) {\n      id\n      method\n      url\n      partSizeBytes\n      receivedBytes\n      sizeBytes\n      parts {\n        number\n      }\n    }\n  }\n": types.UploadProgressDocument,
    "\n  query UploadForm($id: ID!) {\n    upload(id: $id) {\n      id\n      url\n      formFields {\n        name\n        value\n      }\n    }\n  }\n": types.UploadFormDocument,
    "\n  mutation SignUploadParts($input: SignUploadPartsInput!) {\n    signUploadParts(input: $input) {\n      links {\n        number\n        url\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": types.SignUploadPartsDocument,
    "\n  mutation CompleteUpload($input: CompleteUploadInput!) {\n    completeUpload(input: $input) {\n      dataset {\n        id\n        name\n        state\n        version\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": types.CompleteUploadDocument,
    "\n  mutation CancelUpload($input: CancelUploadInput!) {\n    cancelUpload(input: $input) {\n      cancelledUploadId\n      userErrors {\n        message\n      }\n    }\n  }\n": types.CancelUploadDocument,
    "\n  mutation RefreshSession($input: RefreshSessionInput!) {\n    refreshSession(input: $input) {\n      tokens {\n        accessToken\n        accessTokenExpiresAt\n        refreshToken\n      }\n      userErrors {\n        code\n        message\n      }\n    }\n  }\n": types.RefreshSessionDocument,
    "\n  query AdminQueue {\n    admin {\n      queue {\n        ...QueueCard_queue\n      }\n      workers(first: 50) {\n        ...WorkersCard_workers\n      }\n      deadTasks(first: 20) {\n        ...DeadTasksCard_tasks\n      }\n    }\n  }\n": types.AdminQueueDocument,
    "\n  query AdminPeople($first: Int!, $after: String, $filter: UserFilter) {\n    viewer {\n      id\n    }\n    admin {\n      users(first: $first, after: $after, filter: $filter) {\n        ...PeopleList_users\n        pageInfo {\n          hasNextPage\n          endCursor\n        }\n      }\n    }\n  }\n": types.AdminPeopleDocument,
    "\n  query AdminAudit($first: Int!, $after: String) {\n    admin {\n      auditLog(first: $first, after: $after) {\n        ...AuditList_entries\n        pageInfo {\n          hasNextPage\n          endCursor\n        }\n      }\n    }\n  }\n": types.AdminAuditDocument,
    "\n  query BatchPage($id: ID!, $first: Int!, $after: String) {\n    serverInfo {\n      uploadLimitBytes\n    }\n    node(id: $id) {\n      __typename\n      ... on Model {\n        id\n        name\n        target\n        job {\n          id\n          name\n        }\n        batchPredictions(first: $first, after: $after) {\n          edges {\n            node {\n              id\n              ...BatchCard_batch\n            }\n          }\n          pageInfo {\n            hasNextPage\n            endCursor\n          }\n        }\n      }\n    }\n  }\n": types.BatchPageDocument,
    "\n  query Compare($jobs: [ID!]!) {\n    comparison(jobIds: $jobs) {\n      sameHoldout\n      jobs {\n        id\n        name\n        state\n      }\n      metrics {\n        metric\n        higherIsBetter\n        values\n        best\n      }\n      settings {\n        name\n        values\n      }\n      importance {\n        column\n        values\n      }\n      ...RocOverlay_jobs\n    }\n  }\n": types.CompareDocument,
    "\n  query Configure($id: ID!) {\n    node(id: $id) {\n      __typename\n      ... on Dataset {\n        id\n        name\n        version\n        ...ConfigureForm_dataset\n        profile {\n          columns {\n            name\n            asTarget {\n              usable\n              reason\n            }\n          }\n        }\n      }\n    }\n  }\n": types.ConfigureDocument,
    "\n  query Dataset($id: ID!) {\n    node(id: $id) {\n      __typename\n      ... on Dataset {\n        id\n        name\n        fileName\n        sizeBytes\n        state\n        error\n        version\n        profile {\n          ...DatasetFacts_profile\n          ...TargetPicker_profile\n          ...ColumnTable_profile\n          ...PreviewTable_profile\n        }\n      }\n    }\n  }\n": types.DatasetDocument,
    "\n  query Datasets($first: Int!, $after: String, $filter: DatasetFilter, $orderBy: DatasetOrder) {\n    datasets(first: $first, after: $after, filter: $filter, orderBy: $orderBy) {\n      ...DatasetList_datasets\n      totalCount\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": types.DatasetsDocument,
    "\n  query History($first: Int!, $after: String, $filter: JobFilter, $orderBy: JobOrder) {\n    jobs(first: $first, after: $after, filter: $filter, orderBy: $orderBy) {\n      ...HistoryList_jobs\n      edges {\n        node {\n          id\n          state\n        }\n      }\n      totalCount\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": types.HistoryDocument,
    "\n  query Home($jobs: Int!, $jobsAfter: String, $datasets: Int!) {\n    serverInfo {\n      uploadLimitBytes\n      ...SampleList_info\n    }\n    jobs(first: $jobs, after: $jobsAfter) {\n      ...JobList_jobs\n      edges {\n        node {\n          id\n          state\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n    datasets(first: $datasets) {\n      ...DatasetList_datasets\n      edges {\n        node {\n          id\n        }\n      }\n    }\n  }\n": types.HomeDocument,
    "\n  query Job($id: ID!) {\n    node(id: $id) {\n      __typename\n      ... on Job {\n        id\n        name\n        state\n        error\n        version\n        target\n        notes\n        dataset {\n          id\n          name\n        }\n        ...JobActions_job\n        ...StepTimeline_job\n        ...JobProgressCard_job\n        ...BestSoFar_job\n        ...Leaderboard_job\n        ...SettingsCard_job\n        ...ExtendJob_job\n        ...CloneJob_job\n        ...NotesCard_job\n        ...JobLog_job\n        model {\n          id\n          ...ModelResults_model\n        }\n      }\n    }\n  }\n": types.JobDocument,
    "\n  query PredictPage($id: ID!) {\n    node(id: $id) {\n      __typename\n      ... on Model {\n        id\n        name\n        target\n        deployed\n        job {\n          id\n          name\n        }\n        ...PredictForm_model\n      }\n    }\n  }\n": types.PredictPageDocument,
    "\n  mutation RequestPasswordReset($input: RequestPasswordResetInput!) {\n    requestPasswordReset(input: $input) {\n      accepted\n      userErrors {\n        message\n      }\n    }\n  }\n": types.RequestPasswordResetDocument,
    "\n  mutation ResetPassword($input: ResetPasswordInput!) {\n    resetPassword(input: $input) {\n      changed\n      userErrors {\n        message\n      }\n    }\n  }\n": types.ResetPasswordDocument,
    "\n  query Settings {\n    viewer {\n      id\n      ...EmailForm_user\n      ...NotificationSwitches_user\n      ...PasswordForms_user\n      ...SessionList_user\n      ...TokenList_user\n    }\n  }\n": types.SettingsDocument,
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
export function graphql(source: "\n  fragment PeopleList_users on UserConnection {\n    edges {\n      node {\n        id\n        name\n        email\n        role\n        suspendedAt\n        createdAt\n        quotas {\n          unfinishedJobs {\n            used\n          }\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  fragment PeopleList_users on UserConnection {\n    edges {\n      node {\n        id\n        name\n        email\n        role\n        suspendedAt\n        createdAt\n        quotas {\n          unfinishedJobs {\n            used\n          }\n        }\n      }\n    }\n  }\n"];
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
export function graphql(source: "\n  fragment WorkersCard_workers on WorkerConnection {\n    edges {\n      node {\n        id\n        name\n        host\n        version\n        device\n        slots\n        threads\n        memoryBytes\n        seenAt\n        startedAt\n        isDraining\n        tasks {\n          id\n          kind\n          job {\n            id\n            name\n          }\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  fragment WorkersCard_workers on WorkerConnection {\n    edges {\n      node {\n        id\n        name\n        host\n        version\n        device\n        slots\n        threads\n        memoryBytes\n        seenAt\n        startedAt\n        isDraining\n        tasks {\n          id\n          kind\n          job {\n            id\n            name\n          }\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DrainWorker($input: DrainWorkerInput!) {\n    drainWorker(input: $input) {\n      worker {\n        id\n        isDraining\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation DrainWorker($input: DrainWorkerInput!) {\n    drainWorker(input: $input) {\n      worker {\n        id\n        isDraining\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n"];
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
export function graphql(source: "\n  fragment ColumnRow_column on ColumnProfile {\n    name\n    role\n    evidence\n    missing\n    missingShare\n    distinct\n    min\n    max\n    mean\n    median\n    topValues {\n      value\n      count\n    }\n    histogram {\n      from\n      to\n      count\n    }\n    samples\n    warnings\n    asTarget {\n      usable\n    }\n  }\n"): (typeof documents)["\n  fragment ColumnRow_column on ColumnProfile {\n    name\n    role\n    evidence\n    missing\n    missingShare\n    distinct\n    min\n    max\n    mean\n    median\n    topValues {\n      value\n      count\n    }\n    histogram {\n      from\n      to\n      count\n    }\n    samples\n    warnings\n    asTarget {\n      usable\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment ColumnTable_profile on DatasetProfile {\n    columns {\n      name\n      ...ColumnRow_column\n    }\n  }\n"): (typeof documents)["\n  fragment ColumnTable_profile on DatasetProfile {\n    columns {\n      name\n      ...ColumnRow_column\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment DatasetFacts_profile on DatasetProfile {\n    rows\n    sampledRows\n    duplicateRows\n    warnings\n    format {\n      type\n      delimiter\n      textEncoding\n      header\n      compressedBy\n    }\n    columns {\n      missingShare\n    }\n  }\n"): (typeof documents)["\n  fragment DatasetFacts_profile on DatasetProfile {\n    rows\n    sampledRows\n    duplicateRows\n    warnings\n    format {\n      type\n      delimiter\n      textEncoding\n      header\n      compressedBy\n    }\n    columns {\n      missingShare\n    }\n  }\n"];
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
export function graphql(source: "\n  fragment PreviewTable_profile on DatasetProfile {\n    preview\n    columns {\n      name\n    }\n  }\n"): (typeof documents)["\n  fragment PreviewTable_profile on DatasetProfile {\n    preview\n    columns {\n      name\n    }\n  }\n"];
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
export function graphql(source: "\n  fragment TargetPicker_profile on DatasetProfile {\n    columns {\n      name\n      role\n      missing\n      asTarget {\n        usable\n        problem\n        reason\n        ambiguous\n        classes {\n          value\n          count\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  fragment TargetPicker_profile on DatasetProfile {\n    columns {\n      name\n      role\n      missing\n      asTarget {\n        usable\n        problem\n        reason\n        ambiguous\n        classes {\n          value\n          count\n        }\n      }\n    }\n  }\n"];
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
export function graphql(source: "\n  fragment ConfigureForm_dataset on Dataset {\n    id\n    profile {\n      rows\n      columns {\n        name\n        role\n        evidence\n        asTarget {\n          problem\n          reason\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  fragment ConfigureForm_dataset on Dataset {\n    id\n    profile {\n      rows\n      columns {\n        name\n        role\n        evidence\n        asTarget {\n          problem\n          reason\n        }\n      }\n    }\n  }\n"];
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
export function graphql(source: "\n  query ForecastLine($input: CreateJobInput!) {\n    jobEstimate(input: $input) {\n      forecast {\n        trials {\n          low\n          high\n        }\n        seconds {\n          low\n          high\n        }\n        memoryBytes {\n          low\n          high\n        }\n        measured\n        learners {\n          title\n        }\n        notes\n      }\n    }\n  }\n"): (typeof documents)["\n  query ForecastLine($input: CreateJobInput!) {\n    jobEstimate(input: $input) {\n      forecast {\n        trials {\n          low\n          high\n        }\n        seconds {\n          low\n          high\n        }\n        memoryBytes {\n          low\n          high\n        }\n        measured\n        learners {\n          title\n        }\n        notes\n      }\n    }\n  }\n"];
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
export function graphql(source: "\n  fragment JobList_jobs on JobConnection {\n    edges {\n      node {\n        id\n        name\n        state\n        version\n        target\n        metric\n        createdAt\n        progress {\n          trialsFinished\n          bestScore\n        }\n        dataset {\n          id\n          name\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  fragment JobList_jobs on JobConnection {\n    edges {\n      node {\n        id\n        name\n        state\n        version\n        target\n        metric\n        createdAt\n        progress {\n          trialsFinished\n          bestScore\n        }\n        dataset {\n          id\n          name\n        }\n      }\n    }\n  }\n"];
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
export function graphql(source: "\n  fragment Leaderboard_job on Job {\n    id\n    metric\n    leaderboard {\n      rank\n      name\n      kind\n      learner\n      score\n      scoreSd\n      fitSeconds\n      weight\n      state\n      error\n    }\n  }\n"): (typeof documents)["\n  fragment Leaderboard_job on Job {\n    id\n    metric\n    leaderboard {\n      rank\n      name\n      kind\n      learner\n      score\n      scoreSd\n      fitSeconds\n      weight\n      state\n      error\n    }\n  }\n"];
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
export function graphql(source: "\n  fragment SettingsCard_job on Job {\n    id\n    problem\n    metric\n    finishedAt\n    progress {\n      secondsElapsed\n    }\n    settings {\n      budgetSeconds\n      preset\n      seed\n      exclude\n      gpu\n    }\n  }\n"): (typeof documents)["\n  fragment SettingsCard_job on Job {\n    id\n    problem\n    metric\n    finishedAt\n    progress {\n      secondsElapsed\n    }\n    settings {\n      budgetSeconds\n      preset\n      seed\n      exclude\n      gpu\n    }\n  }\n"];
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
export function graphql(source: "\n  fragment UseTrials_trial on Trial {\n    id\n    number\n    name\n    learner\n    state\n    error\n    version\n    score\n    rounds\n    curve {\n      round\n      loss\n    }\n    startedAt\n    finishedAt\n  }\n"): (typeof documents)["\n  fragment UseTrials_trial on Trial {\n    id\n    number\n    name\n    learner\n    state\n    error\n    version\n    score\n    rounds\n    curve {\n      round\n      loss\n    }\n    startedAt\n    finishedAt\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Trials($job: ID!, $after: String) {\n    node(id: $job) {\n      __typename\n      ... on Job {\n        id\n        trials(first: 100, after: $after) {\n          edges {\n            node {\n              ...UseTrials_trial\n            }\n          }\n          pageInfo {\n            hasNextPage\n            endCursor\n          }\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query Trials($job: ID!, $after: String) {\n    node(id: $job) {\n      __typename\n      ... on Job {\n        id\n        trials(first: 100, after: $after) {\n          edges {\n            node {\n              ...UseTrials_trial\n            }\n          }\n          pageInfo {\n            hasNextPage\n            endCursor\n          }\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription TrialUpdated($job: ID!) {\n    trialUpdated(jobId: $job) {\n      ...UseTrials_trial\n    }\n  }\n"): (typeof documents)["\n  subscription TrialUpdated($job: ID!) {\n    trialUpdated(jobId: $job) {\n      ...UseTrials_trial\n    }\n  }\n"];
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
export function graphql(source: "\n  fragment DeployCard_model on Model {\n    id\n    deployed\n    deployable\n    ...Certificate_model\n  }\n"): (typeof documents)["\n  fragment DeployCard_model on Model {\n    id\n    deployed\n    deployable\n    ...Certificate_model\n  }\n"];
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
export function graphql(source: "\n  fragment ModelResults_model on Model {\n    id\n    target\n    classes\n    ...ScoreCard_model\n    ...DeployCard_model\n    ...DownloadsCard_model\n    evaluation {\n      ...MetricsCard_evaluation\n      ...ConfusionCard_evaluation\n      ...RocCard_evaluation\n      ...ThresholdCard_evaluation\n      ...CalibrationCard_evaluation\n      ...ClassesCard_evaluation\n      ...ErrorsCard_evaluation\n      ...PredictedActualCard_evaluation\n      ...ImportanceCard_evaluation\n      ...AttributionCard_evaluation\n      ...DependenceCard_evaluation\n      ...DecisionsCard_evaluation\n    }\n  }\n"): (typeof documents)["\n  fragment ModelResults_model on Model {\n    id\n    target\n    classes\n    ...ScoreCard_model\n    ...DeployCard_model\n    ...DownloadsCard_model\n    evaluation {\n      ...MetricsCard_evaluation\n      ...ConfusionCard_evaluation\n      ...RocCard_evaluation\n      ...ThresholdCard_evaluation\n      ...CalibrationCard_evaluation\n      ...ClassesCard_evaluation\n      ...ErrorsCard_evaluation\n      ...PredictedActualCard_evaluation\n      ...ImportanceCard_evaluation\n      ...AttributionCard_evaluation\n      ...DependenceCard_evaluation\n      ...DecisionsCard_evaluation\n    }\n  }\n"];
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
export function graphql(source: "\n  query AdminLink {\n    viewer {\n      id\n      role\n    }\n  }\n"): (typeof documents)["\n  query AdminLink {\n    viewer {\n      id\n      role\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation SignIn($input: SignInInput!) {\n    signIn(input: $input) {\n      tokens {\n        accessToken\n        accessTokenExpiresAt\n        refreshToken\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation SignIn($input: SignInInput!) {\n    signIn(input: $input) {\n      tokens {\n        accessToken\n        accessTokenExpiresAt\n        refreshToken\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n"];
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
export function graphql(source: "\n  query AdminQueue {\n    admin {\n      queue {\n        ...QueueCard_queue\n      }\n      workers(first: 50) {\n        ...WorkersCard_workers\n      }\n      deadTasks(first: 20) {\n        ...DeadTasksCard_tasks\n      }\n    }\n  }\n"): (typeof documents)["\n  query AdminQueue {\n    admin {\n      queue {\n        ...QueueCard_queue\n      }\n      workers(first: 50) {\n        ...WorkersCard_workers\n      }\n      deadTasks(first: 20) {\n        ...DeadTasksCard_tasks\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query AdminPeople($first: Int!, $after: String, $filter: UserFilter) {\n    viewer {\n      id\n    }\n    admin {\n      users(first: $first, after: $after, filter: $filter) {\n        ...PeopleList_users\n        pageInfo {\n          hasNextPage\n          endCursor\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query AdminPeople($first: Int!, $after: String, $filter: UserFilter) {\n    viewer {\n      id\n    }\n    admin {\n      users(first: $first, after: $after, filter: $filter) {\n        ...PeopleList_users\n        pageInfo {\n          hasNextPage\n          endCursor\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query AdminAudit($first: Int!, $after: String) {\n    admin {\n      auditLog(first: $first, after: $after) {\n        ...AuditList_entries\n        pageInfo {\n          hasNextPage\n          endCursor\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query AdminAudit($first: Int!, $after: String) {\n    admin {\n      auditLog(first: $first, after: $after) {\n        ...AuditList_entries\n        pageInfo {\n          hasNextPage\n          endCursor\n        }\n      }\n    }\n  }\n"];
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
export function graphql(source: "\n  query Configure($id: ID!) {\n    node(id: $id) {\n      __typename\n      ... on Dataset {\n        id\n        name\n        version\n        ...ConfigureForm_dataset\n        profile {\n          columns {\n            name\n            asTarget {\n              usable\n              reason\n            }\n          }\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query Configure($id: ID!) {\n    node(id: $id) {\n      __typename\n      ... on Dataset {\n        id\n        name\n        version\n        ...ConfigureForm_dataset\n        profile {\n          columns {\n            name\n            asTarget {\n              usable\n              reason\n            }\n          }\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Dataset($id: ID!) {\n    node(id: $id) {\n      __typename\n      ... on Dataset {\n        id\n        name\n        fileName\n        sizeBytes\n        state\n        error\n        version\n        profile {\n          ...DatasetFacts_profile\n          ...TargetPicker_profile\n          ...ColumnTable_profile\n          ...PreviewTable_profile\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query Dataset($id: ID!) {\n    node(id: $id) {\n      __typename\n      ... on Dataset {\n        id\n        name\n        fileName\n        sizeBytes\n        state\n        error\n        version\n        profile {\n          ...DatasetFacts_profile\n          ...TargetPicker_profile\n          ...ColumnTable_profile\n          ...PreviewTable_profile\n        }\n      }\n    }\n  }\n"];
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
export function graphql(source: "\n  query Job($id: ID!) {\n    node(id: $id) {\n      __typename\n      ... on Job {\n        id\n        name\n        state\n        error\n        version\n        target\n        notes\n        dataset {\n          id\n          name\n        }\n        ...JobActions_job\n        ...StepTimeline_job\n        ...JobProgressCard_job\n        ...BestSoFar_job\n        ...Leaderboard_job\n        ...SettingsCard_job\n        ...ExtendJob_job\n        ...CloneJob_job\n        ...NotesCard_job\n        ...JobLog_job\n        model {\n          id\n          ...ModelResults_model\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query Job($id: ID!) {\n    node(id: $id) {\n      __typename\n      ... on Job {\n        id\n        name\n        state\n        error\n        version\n        target\n        notes\n        dataset {\n          id\n          name\n        }\n        ...JobActions_job\n        ...StepTimeline_job\n        ...JobProgressCard_job\n        ...BestSoFar_job\n        ...Leaderboard_job\n        ...SettingsCard_job\n        ...ExtendJob_job\n        ...CloneJob_job\n        ...NotesCard_job\n        ...JobLog_job\n        model {\n          id\n          ...ModelResults_model\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query PredictPage($id: ID!) {\n    node(id: $id) {\n      __typename\n      ... on Model {\n        id\n        name\n        target\n        deployed\n        job {\n          id\n          name\n        }\n        ...PredictForm_model\n      }\n    }\n  }\n"): (typeof documents)["\n  query PredictPage($id: ID!) {\n    node(id: $id) {\n      __typename\n      ... on Model {\n        id\n        name\n        target\n        deployed\n        job {\n          id\n          name\n        }\n        ...PredictForm_model\n      }\n    }\n  }\n"];
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
export function graphql(source: "\n  query Settings {\n    viewer {\n      id\n      ...EmailForm_user\n      ...NotificationSwitches_user\n      ...PasswordForms_user\n      ...SessionList_user\n      ...TokenList_user\n    }\n  }\n"): (typeof documents)["\n  query Settings {\n    viewer {\n      id\n      ...EmailForm_user\n      ...NotificationSwitches_user\n      ...PasswordForms_user\n      ...SessionList_user\n      ...TokenList_user\n    }\n  }\n"];
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