// A session ends when nobody touches the page for as long as the hub allows. The live stream and the refreshing of pages
// are not touches: the hub cannot tell them from a person's requests, so the page counts itself. It tells the hub now and
// then that its person is there, warns before the end, and signs out at the end.
import { Button, Modal } from 'antd';
import { useCallback, useEffect, useRef, useState } from 'react';
import { useSignOut } from '~/api/changes';
import { useSession } from '~/api/queries';
import { useLanguage } from '~/i18n';
import { spanOf } from '~/ui/format';
import { useSpanText } from '~/ui/Time';
import { planOf } from './idle';

const tickMilliseconds = 1_000;
const touches = ['pointerdown', 'keydown', 'wheel', 'touchstart'] as const;

export function SessionWatch() {
  const { t } = useLanguage();
  const spanText = useSpanText();
  const session = useSession();
  const { refetch } = session;
  const signOut = useSignOut();
  const { mutate: end } = signOut;
  const touched = useRef(Date.now());
  const [left, setLeft] = useState<number | null>(null);
  const expiresAt = session.data?.expires_at ?? '';
  const readAt = session.dataUpdatedAt;

  useEffect(() => {
    const touch = () => {
      touched.current = Date.now();
    };
    for (const kind of touches) document.addEventListener(kind, touch, { passive: true, capture: true });
    return () => {
      for (const kind of touches) document.removeEventListener(kind, touch, { capture: true });
    };
  }, []);

  useEffect(() => {
    let asked = 0;
    const timer = setInterval(() => {
      const plan = planOf({ now: Date.now(), readAt, expiresAt, touched: touched.current });
      if (plan.act === 'end') end();
      else if (plan.act === 'renew' && Date.now() - asked > 10 * tickMilliseconds) {
        asked = Date.now();
        void refetch();
      }
      setLeft(plan.act === 'warn' ? plan.left : null);
    }, tickMilliseconds);
    return () => clearInterval(timer);
  }, [readAt, expiresAt, end, refetch]);

  const stay = useCallback(() => {
    touched.current = Date.now();
    setLeft(null);
    void refetch();
  }, [refetch]);

  return (
    <Modal
      open={left !== null}
      title={t('session.ending_title')}
      closable={false}
      footer={[
        <Button key="out" onClick={() => end()}>
          {t('session.sign_out')}
        </Button>,
        <Button key="stay" type="primary" onClick={stay}>
          {t('session.stay')}
        </Button>,
      ]}
    >
      {t('session.ending', { span: spanText(spanOf(left ?? 0)) })}
    </Modal>
  );
}
