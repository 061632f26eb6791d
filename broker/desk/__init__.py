"""The enrolment desk on the hub: boards come with a token and their own key, and go with an identity; later with questions and reports."""
