"""The operations that the demonstration sends; README and the explorer show the first three."""

CONFIRMED_COMPOUNDS = """
query ConfirmedCompounds {
  compounds(
    where: {status: {eq: CONFIRMED}, schemeTypes: {hasAny: [ROMANCE, CRYPTOCURRENCY]}}
    orderBy: [CAPACITY_DESC]
    first: 8
  ) {
    totalCount
    nodes {
      id
      name
      capacity
      schemeTypes
      country { name }
      candidateCountries { nodes { name } }
      jurisdictions(first: 20) { edges { bases certain node { code kind } } }
      victimEstimates(first: 20) { nodes { likely nationality { code } } }
    }
  }
}
"""
"""What do we know of the largest confirmed sites, and who has jurisdiction there?"""

NETWORK_OF_A_TARGET = """
query NetworkOfATarget($text: String!) {
  targets(where: {text: $text, kind: {eq: NETWORK}}, first: 1) {
    nodes {
      id
      name
      aliases
      network(depth: 2, first: 12) { totalCount edges { hops node { name kind status } } }
      compounds(first: 5) { nodes { name country { code } } }
    }
  }
}
"""
"""Who belongs to a network, found by a part of its name in any script, within two links?"""

JURISDICTION_OF_AN_AGENCY = """
query JurisdictionOfAnAgency($code: String!) {
  agencies(where: {code: {eq: $code}}, first: 1) {
    nodes {
      name
      jurisdictionOver(first: 10) {
        totalCount
        edges { bases certain node { name status country { code } } }
      }
    }
  }
}
"""
"""Where may an agency act, and on what basis?"""

THE_OPERATION = """
query TheOperation {
  operations(where: {exercise: {eq: true}}, orderBy: [CREATED_AT_DESC], first: 1) {
    nodes {
      id
      codeName
      hHour
      start
      end
      exercise
      actions { totalCount }
      units { totalCount }
      owner { code }
    }
  }
}
"""

REQUEST_SCHEDULE = """
mutation RequestSchedule($input: RequestScheduleInput!) {
  requestSchedule(input: $input) {
    __typename
    ... on Refusal { code message remedy }
    ... on ScheduleRun { id state }
  }
}
"""

SCHEDULE_PROGRESS = """
subscription ScheduleProgress($runId: ID!) {
  scheduleProgress(runId: $runId) {
    state stage elapsedSeconds incumbent bound gap placed unplaced reason final
    plan { id version }
  }
}
"""

PROPOSE_PLAN = """
mutation ProposePlan($input: ProposePlanInput!) {
  proposePlan(input: $input) {
    __typename
    ... on Refusal { code message remedy }
    ... on Plan { id state version }
  }
}
"""

APPROVALS = """
query Approvals($planId: ID!, $after: String) {
  approvals(
    where: {plan: {id: {eq: $planId}}, state: {in: [ASKED, APPROVED, REFUSED, WITHDRAWN]}}
    first: 50
    after: $after
  ) {
    pageInfo { hasNextPage endCursor }
    nodes { id state document fingerprint country { code name } authority { code } }
  }
}
"""

REGISTER_KEY = """
mutation RegisterKey($input: CreateAgencyKeyInput!) {
  createAgencyKey(input: $input) {
    __typename
    ... on Refusal { code message remedy }
    ... on AgencyKey { id keyId }
  }
}
"""

APPROVE_PART = """
mutation ApprovePart($input: ApprovePartInput!) {
  approvePart(input: $input) {
    __typename
    ... on Refusal { code message remedy }
    ... on Approval { id state }
  }
}
"""

PUBLISH_PLAN = """
mutation PublishPlan($input: PublishPlanInput!) {
  publishPlan(input: $input) {
    __typename
    ... on Refusal { code message remedy }
    ... on Plan { id number state }
  }
}
"""

THE_PLAN = """
query ThePlan($planId: ID!) {
  plan(id: $planId) {
    id number state outcome placed unplaced score publishedAt publishedBy problemFingerprint
    operation { id codeName hHour start end exercise owner { code } }
    run { id seed budgetSeconds workers engine gap bound incumbent }
  }
}
"""

PLANNED_ACTIONS = """
query PlannedActions($planId: ID!, $after: String) {
  plannedActions(where: {plan: {id: {eq: $planId}}}, orderBy: [START_ASC], first: 200, after: $after) {
    pageInfo { hasNextPage endCursor }
    nodes {
      id start end localStart timeZone hOffsetMinutes
      action {
        id externalId name kind priority mandatory expectedVictims location
        country { code name }
        group { id name tolerance }
      }
      mode { id name }
      units(first: 50) { nodes { id name kind type agency { code country { code } } } }
    }
  }
}
"""

LEFT_OUT = """
query LeftOut($planId: ID!, $after: String) {
  unplacedActions(where: {plan: {id: {eq: $planId}}}, first: 200, after: $after) {
    pageInfo { hasNextPage endCursor }
    nodes {
      codes reasons sentence
      action {
        id externalId name kind priority mandatory expectedVictims location
        country { code name }
        group { id name }
      }
    }
  }
}
"""

CLAIM_OF_ANOTHER = """
query ClaimOfAnother($code: String!) {
  claims(
    where: {exercise: {eq: true}, sensitivity: {eq: OPEN}, not: {owner: {code: {eq: $code}}}}
    orderBy: [START_ASC, NAME_ASC]
    first: 1
  ) {
    nodes { id name location start end owner { code } }
  }
}
"""

CREATE_CLAIM = """
mutation CreateClaim($input: CreateClaimInput!) {
  createClaim(input: $input) {
    __typename
    ... on Refusal { code message remedy }
    ... on KeysMissingError { missing { key contactId kind rule severity distanceM gapMinutes sentences } }
    ... on Claim { id version }
  }
}
"""

NAMES_OF_AGENCIES = """
query NamesOfAgencies($ids: [ID!]!) {
  agencies(where: {id: {in: $ids}}, first: 100) { nodes { id code } }
}
"""

NOTICES_ON = """
query NoticesOn($claimId: ID!) {
  notices(where: {claim: {id: {eq: $claimId}}}, first: 20) {
    nodes { id acknowledgeBy contact { code } conflict { id severity sentence } }
  }
}
"""

CONFLICT_ALTERNATIVES = """
query ConflictAlternatives($conflictId: ID!) {
  conflictAlternatives(conflictId: $conflictId, first: 2) { alternatives { start end movedMinutes } }
}
"""

RETIRE_CLAIM = """
mutation RetireClaim($input: RetireClaimInput!) {
  retireClaim(input: $input) {
    __typename
    ... on Refusal { code message remedy }
    ... on Claim { id }
  }
}
"""
