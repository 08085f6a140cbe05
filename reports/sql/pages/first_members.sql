-- For every indicator the first agency and the first essential service that have a figure of it in the period.
SELECT figure.kpi_code, min(figure.agency_code) AS agency, min(figure.service_no) AS service
FROM (
    SELECT kpi_code, agency_code, NULL::SMALLINT AS service_no
    FROM mart.kpi_agency
    WHERE period = $period AND value IS NOT NULL
    UNION ALL
    SELECT kpi_code, NULL, service_no
    FROM mart.kpi_service
    WHERE period = $period AND value IS NOT NULL AND service_kind = 'essential_service'
) AS figure
GROUP BY figure.kpi_code
