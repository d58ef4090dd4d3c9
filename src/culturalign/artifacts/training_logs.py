"""Tables of training logs: a row a step, or an update."""

from culturalign.artifacts.artifact import NUMBER, SHARE, Artifact, Column

SFT_LOG = Artifact(
    "sft_log",
    "A row is a step at which something was logged; what was not is null. Methods of kind sft "
    "and clca.",
    (
        Column("step", NUMBER, "optimizer steps done"),
        Column("loss", NUMBER, "loss on training examples", "nats a completion token"),
        Column("learning_rate", NUMBER, "learning rate of the step"),
        Column("grad_norm", NUMBER, "norm of the gradient, before clipping"),
        Column("validation_loss", NUMBER, "loss on validation examples", "nats a completion token"),
    ),
)

STEP = Column("step", NUMBER, "updates done")
UP_TO_KL = (
    Column("reward", NUMBER, "mean reward, without the KL penalty", "-1 to 1"),
    Column("reward_sd", NUMBER, "standard deviation of the rewards"),
    Column("unparsed", NUMBER, "responses without an answer that could be read", SHARE),
    Column(
        "incomplete",
        NUMBER,
        "responses that lack something asked for, the unread ones too: a candidate, or with "
        "`task: association` enough words; with `missing: refuse` they are worth -1",
        SHARE,
    ),
)
KL = Column(
    "kl",
    NUMBER,
    "KL of the policy to the reference, estimator k1 (may be negative)",
    "nats a token",
)
PENALTY = (
    Column("kl_k3", NUMBER, "KL of the policy to the reference, estimator k3", "nats a token"),
    Column("kl_coefficient", NUMBER, "what a nat cost in this update"),
)
FROM_ENTROPY = (
    Column("entropy", NUMBER, "entropy of the policy's distributions", "nats"),
    Column(
        "clip_fraction",
        NUMBER,
        "tokens whose gradient the clipping took away, mean over optimizer steps",
        SHARE,
    ),
    Column(
        "policy_kl",
        NUMBER,
        "KL of the policy before the update to that at each optimizer step (k3), mean over steps",
        "nats a token",
    ),
    Column("policy_loss", NUMBER, "loss of the policy, mean over optimizer steps"),
    Column("value_loss", NUMBER, "loss of the critic, mean over optimizer steps"),
    Column(
        "explained_variance",
        NUMBER,
        "share of the returns' variance that the values explain; null or NaN if returns are equal",
        "1 at most",
    ),
    Column("response_length", NUMBER, "mean length of the responses", "tokens"),
    Column("truncated", NUMBER, "responses that were cut off at the longest length", SHARE),
    Column(
        "policy_grad_norm",
        NUMBER,
        "gradient of the policy before clipping, mean over optimizer steps",
    ),
    Column(
        "critic_grad_norm",
        NUMBER,
        "gradient of the critic before clipping, mean over optimizer steps",
    ),
)
PPO_LOG = Artifact(
    "ppo_log",
    "A row is an update, with means over its responses or tokens. Methods of kind ppo, native "
    "engine.",
    (
        STEP,
        *UP_TO_KL,
        KL,
        *PENALTY,
        *FROM_ENTROPY,
        Column("stopped", NUMBER, "1 if the batch was left early (`stop_kl`)", levels=(0, 1)),
    ),
)
OPENRLHF_LOG = Artifact(
    "openrlhf_log",
    "A row is an update, with what OpenRLHF printed of it; the rest is null. Methods of kind ppo, "
    "openrlhf engine.",
    (
        STEP,
        *UP_TO_KL,
        Column(
            "failed",
            NUMBER,
            "responses whose reward could not be computed; worth -1",
            SHARE,
        ),
        KL,
        *FROM_ENTROPY,
    ),
)
