"""满意度自测: the county's own questionnaires, counted from survey exports and kept beside the state's survey, which decides."""
