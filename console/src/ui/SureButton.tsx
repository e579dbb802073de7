// A button for what cannot be taken back: it asks once more, and says what will happen.
import { Modal } from 'antd';
import { type ReactNode, useState } from 'react';
import type { Action } from '~/api/types';
import { useLanguage } from '~/i18n';
import { MayButton } from './MayButton';

interface Props {
  action: Action;
  whyNot?: string | null;
  primary?: boolean;
  busy: boolean;
  will: ReactNode;
  onSure: () => void;
  children: string;
}

export function SureButton({ action, whyNot = null, primary = false, busy, will, onSure, children }: Props) {
  const { t } = useLanguage();
  const [asking, setAsking] = useState(false);
  return (
    <>
      <MayButton
        action={action}
        type={primary ? 'primary' : 'default'}
        loading={busy}
        whyNot={whyNot}
        onClick={() => setAsking(true)}
      >
        {children}
      </MayButton>
      <Modal
        open={asking}
        destroyOnHidden
        title={children}
        okText={children}
        cancelText={t('action.cancel')}
        onCancel={() => setAsking(false)}
        onOk={() => {
          setAsking(false);
          onSure();
        }}
      >
        <p className="will-happen">{will}</p>
      </Modal>
    </>
  );
}
