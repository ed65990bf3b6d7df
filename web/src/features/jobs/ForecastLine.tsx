import { describeForecast, describeRows, type Forecast } from './forecast';

/** What the server expects of a job before it is started. */
export function ForecastLine({ forecast }: { forecast: Forecast }) {
  return (
    <div className="mt-3 max-w-prose text-muted" data-testid="forecast" aria-live="polite">
      <p>
        {describeForecast(forecast)} {forecast.measured ? 'Measured by your last job on this table.' : 'An estimate: nothing was computed for it.'}
      </p>
      <p className="mt-1">{describeRows(forecast)}</p>
      {forecast.notes.map((note) => (
        <p key={note} className="mt-1 text-warn">
          {note}
        </p>
      ))}
    </div>
  );
}
