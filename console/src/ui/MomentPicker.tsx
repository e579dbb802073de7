// A moment, typed or picked, in Ho Chi Minh City's time whatever zone the browser is in.
import { DatePicker } from 'antd';
import dayjs from 'dayjs';
import { useRef } from 'react';
import { momentIn, wallOf } from './moments';

interface Props {
  id?: string;
  label?: string;
  value?: string | null | undefined; // An instant.
  onChange?: (instant: string | null) => void;
  allowClear?: boolean;
}

export function MomentPicker({ id, label, value, onChange, allowClear = true }: Props) {
  const wall = value ? wallOf(value) : '';
  // What the form began with may be chosen again after another minute was.
  const first = useRef(value);
  return (
    <DatePicker
      {...(id ? { id } : {})}
      {...(label ? { 'aria-label': label } : {})}
      className="moment-picker"
      showTime={{ format: 'HH:mm' }}
      format="DD/MM/YYYY HH:mm"
      placeholder="dd/MM/yyyy HH:mm"
      needConfirm={false}
      allowClear={allowClear}
      // Enter takes the typed moment; it does not send the form around it.
      onKeyDown={(event) => event.key === 'Enter' && event.preventDefault()}
      value={wall ? dayjs(wall) : null}
      onChange={(chosen) => {
        const text = chosen?.format('YYYY-MM-DDTHH:mm');
        const known = value && wallOf(value) === text ? value : first.current;
        onChange?.(text ? momentIn(text, known, new Date()) : null);
      }}
    />
  );
}
