"""The grid of a run, in parts: ``Grid(config, root).arms``, ``.weights``, ``.products``, ..."""

from pathlib import Path

from culturalign.config.root import Config
from culturalign.grid.attributes import Attributes
from culturalign.grid.countries import Countries
from culturalign.grid.evaluations import Evaluations
from culturalign.grid.job_settings import JobSettings
from culturalign.grid.locations import Locations
from culturalign.grid.products import Products
from culturalign.grid.resources import Resources
from culturalign.grid.roleplays import Roleplays
from culturalign.grid.run_arms import Arms
from culturalign.grid.trainings import Trainings
from culturalign.grid.weights import Weights


class Grid:
    """Everything the rules ask of a configuration; knows nothing of Snakemake.

    Args:
        config: The validated configuration.
        root: The repository.
    """

    def __init__(self, config: Config, root: Path) -> None:
        self.config, self.run = config, config.run
        self.locations = Locations(config, root)
        self.arms = Arms(config)
        self.weights = Weights(config, self.arms)
        self.settings = JobSettings(config, self.arms)
        self.trainings = Trainings(config, self.arms)
        self.evaluations = Evaluations(config, self.arms)
        self.survey = Countries(config, self.evaluations)
        self.attributes = Attributes(config, self.evaluations, self.locations)
        self.clca = Roleplays(config, self.arms, self.evaluations, self.survey, self.locations)
        self.products = Products(
            config, self.arms, self.evaluations, self.survey, self.attributes, self.clca
        )
        self.resources = Resources(config)
