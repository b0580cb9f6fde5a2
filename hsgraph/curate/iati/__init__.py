"""From activities of the International Aid Transparency Initiative to drafts."""
