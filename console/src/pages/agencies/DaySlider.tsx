// The state of any day: a slider from the first day known to the last, steps from change to change, and the day itself.
import { Button, DatePicker } from 'antd';
import dayjs from 'dayjs';
import { useLanguage } from '~/i18n';
import { formatDate } from '~/ui/format';
import { dayOf, numberOf } from './days';

export function DaySlider({
  day,
  today,
  changes,
  onChange,
}: {
  day: string;
  today: string;
  changes: string[];
  onChange: (day: string) => void;
}) {
  const { t } = useLanguage();
  const first = changes[0] && changes[0] < today ? changes[0] : today;
  const last = [today, changes.at(-1) ?? today].sort().at(-1) ?? today;
  const before = changes.filter((each) => each < day).at(-1);
  const after = changes.find((each) => each > day);
  return (
    <div className="day-slider">
      <Button disabled={!before} onClick={() => before && onChange(before)}>
        {t('agencies.change_before')}
      </Button>
      <label>
        <span className="visually-hidden">{t('agencies.day')}</span>
        <input
          type="range"
          min={numberOf(first)}
          max={numberOf(last)}
          value={numberOf(day)}
          disabled={first === last}
          aria-valuetext={formatDate(day)}
          list="agency-changes"
          onChange={(event) => onChange(dayOf(Number(event.target.value)))}
        />
        <datalist id="agency-changes">
          {changes.map((each) => (
            <option key={each} value={numberOf(each)} label={formatDate(each)} />
          ))}
        </datalist>
      </label>
      <Button disabled={!after} onClick={() => after && onChange(after)}>
        {t('agencies.change_after')}
      </Button>
      <DatePicker
        aria-label={t('agencies.day')}
        format="DD/MM/YYYY"
        allowClear={false}
        value={dayjs(day)}
        onChange={(value) => value && onChange(value.format('YYYY-MM-DD'))}
      />
      {day === today ? null : <Button onClick={() => onChange(today)}>{t('agencies.today')}</Button>}
    </div>
  );
}
