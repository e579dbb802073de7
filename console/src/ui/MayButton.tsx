// A button for an act that needs a right. Whoever lacks it can still reach the button, and reads there why they may not and
// who can: in the hub's own words (getPolicy). A disabled button would be silent to the keyboard.
import { Button, type ButtonProps, Tooltip } from 'antd';
import { type ReactNode, useId } from 'react';
import { useWhyNot } from '~/api/people';
import { useMay } from '~/api/queries';
import type { Action } from '~/api/types';
import { useLanguage } from '~/i18n';
import './secret.css';

interface Props extends ButtonProps {
  action?: Action;
  whyNot?: string | null; // Another reason, of this object alone.
  children: ReactNode;
}

export function MayButton({ action, whyNot, children, ...button }: Props) {
  const { local } = useLanguage();
  const refused = useWhyNot(action ?? 'session_use');
  const may = useMay(action ?? 'session_use');
  const reason = action && !may ? (refused ? local(refused) : '') : (whyNot ?? null);
  const id = useId();
  if (reason === null) return <Button {...button}>{children}</Button>;
  return (
    <Tooltip title={reason} trigger={['hover', 'focus', 'click']}>
      <Button
        {...button}
        htmlType="button"
        type="default"
        danger={false}
        className={`may-not ${button.className ?? ''}`}
        aria-disabled="true"
        aria-describedby={id}
        onClick={(event) => event.preventDefault()}
      >
        {children}
        <span id={id} className="visually-hidden">
          {` ${reason}`}
        </span>
      </Button>
    </Tooltip>
  );
}
