-- Names the scorecards of two opened releases as the questions that compare them do.
CREATE TEMPORARY VIEW newer_figure AS FROM newer.mart.kpi_scorecard;
CREATE TEMPORARY VIEW older_figure AS FROM older.mart.kpi_scorecard;
