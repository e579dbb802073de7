// Two moments in Ho Chi Minh City's time, whatever zone the browser is in: the picker works on wall clocks.
import { DatePicker } from 'antd';
import dayjs, { type Dayjs } from 'dayjs';
import { useLanguage } from '~/i18n';
import { zoneOffsetMinutes } from '~/ui/format';

// The wall clock of Ho Chi Minh City at an instant, as if it were the browser's own.
export function toWall(instant: string | undefined): Dayjs | null {
  if (!instant) return null;
  const shifted = new Date(Date.parse(instant) + zoneOffsetMinutes * 60_000).toISOString().slice(0, 19);
  return dayjs(shifted);
}

export function fromWall(wall: Dayjs | null | undefined): string | undefined {
  if (!wall) return undefined;
  const asUtc = Date.parse(`${wall.format('YYYY-MM-DDTHH:mm:ss')}Z`);
  return new Date(asUtc - zoneOffsetMinutes * 60_000).toISOString();
}

export function RangePicker({
  from,
  until,
  onChange,
}: {
  from: string | undefined;
  until: string | undefined;
  onChange: (from: string | undefined, until: string | undefined) => void;
}) {
  const { t } = useLanguage();
  return (
    <DatePicker.RangePicker
      className="range-picker"
      showTime={{ format: 'HH:mm' }}
      format="DD/MM/YYYY HH:mm"
      allowEmpty={[true, true]}
      placeholder={[t('logs.from'), t('logs.until')]}
      value={[toWall(from), toWall(until)]}
      onChange={(value) => onChange(fromWall(value?.[0]), fromWall(value?.[1]))}
    />
  );
}
