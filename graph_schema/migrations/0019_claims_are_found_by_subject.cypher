// Why: claims are found by whom and what they concern, and whoever owns a unit sees who claims it.
// Owner: deconfliction
// Way back: MATCH (n:ClaimSubject) DETACH DELETE n; DROP what is made here.
CREATE INDEX claim_subject_key IF NOT EXISTS FOR (n:ClaimSubject) ON (n.key);
