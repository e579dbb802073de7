// A window with a form: what will happen, the fields, the act; what waits for a second person is told before it closes.
import { Button, Form, type FormInstance, Modal } from 'antd';
import type { ReactNode } from 'react';
import type { Proposed } from '~/api/types';
import { useLanguage } from '~/i18n';
import { ErrorNote } from './Page';
import { ProposedNote } from './ProposedNote';

interface Props<Values> {
  title: string;
  ok: string;
  will?: ReactNode;
  danger?: boolean;
  disabled?: boolean;
  error: unknown;
  busy: boolean;
  proposed?: Pick<Proposed, 'done' | 'act'> | undefined;
  done?: string; // Said of what was done at once, where the window stays open to say it.
  form?: FormInstance<Values>;
  initial?: Partial<Values>;
  onChange?: (changed: Partial<Values>) => void;
  onFinish: (values: Values) => void;
  onClose: () => void;
  width?: number;
  children?: ReactNode;
}

export function FormModal<Values extends object>(props: Props<Values>) {
  const { t } = useLanguage();
  const [own] = Form.useForm<Values>();
  const form = props.form ?? own;
  const told = props.proposed && (!props.proposed.done || props.done !== undefined);
  return (
    <Modal
      open
      title={props.title}
      onCancel={props.onClose}
      {...(props.width ? { width: props.width } : {})}
      footer={
        told ? (
          <Button type="primary" onClick={props.onClose}>
            {t('action.close')}
          </Button>
        ) : (
          [
            <Button key="cancel" onClick={props.onClose}>
              {t('action.cancel')}
            </Button>,
            <Button
              key="ok"
              type="primary"
              danger={props.danger ?? false}
              disabled={props.disabled ?? false}
              loading={props.busy}
              onClick={() => form.submit()}
            >
              {props.ok}
            </Button>,
          ]
        )
      }
    >
      {props.error ? <ErrorNote error={props.error} /> : null}
      {told && props.proposed ? (
        <ProposedNote proposed={props.proposed} done={props.done ?? ''} />
      ) : (
        <>
          {props.will ? <div className="will-happen">{props.will}</div> : null}
          <Form<Values>
            form={form}
            layout="vertical"
            {...(props.initial ? { initialValues: props.initial } : {})}
            onFinish={props.onFinish}
            onValuesChange={(changed: Partial<Values>) => props.onChange?.(changed)}
          >
            {props.children}
          </Form>
        </>
      )}
    </Modal>
  );
}
