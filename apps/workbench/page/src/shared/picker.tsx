import { lazy, Suspense, useEffect, useRef, useState } from 'react';

const PickerBox = lazy(() => import('../picker/picker-box.js').then((all) => ({ default: all.PickerBox })));

interface PickerProps {
  readonly label: string;
  readonly values: readonly string[];
  /** None: all. */
  readonly chosen: readonly string[];
  readonly onChange: (values: string[]) => void;
}

/** A field to choose some of many values, or none for all, by searching. The list is loaded when the reader comes near. */
export function Picker(props: PickerProps) {
  const { label, chosen } = props;
  const [isOpen, setOpen] = useState(false);
  const [isLoaded, setLoaded] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const wasOpen = useRef(false);
  const wasOpenWhenPressed = useRef(false);
  useEffect(() => {
    // A field that is hidden leaves the keyboard nowhere.
    const { activeElement } = document;
    const isNowhere = activeElement === document.body || box.current?.contains(activeElement) === true;
    if (wasOpen.current && !isOpen && isNowhere) button.current?.focus();
    wasOpen.current = isOpen;
  }, [isOpen]);
  const text = chosen.length === 0 ? 'All' : chosen.length === 1 ? chosen[0] : `${chosen.length} chosen`;
  return (
    <div className="picker">
      <button
        ref={button}
        type="button"
        className="picker-button"
        aria-haspopup="listbox"
        aria-expanded={isOpen}
        onFocus={() => setLoaded(true)}
        onPointerEnter={() => setLoaded(true)}
        onMouseDown={() => (wasOpenWhenPressed.current = isOpen)}
        onClick={() => {
          // The press itself has closed it, as any outside of the list does.
          setOpen(!wasOpenWhenPressed.current);
          wasOpenWhenPressed.current = false;
        }}
      >
        <span className="picker-label">{label}</span> <span className="picker-value">{text}</span>
      </button>
      <div ref={box} className="picker-box" hidden={!isOpen}>
        <Suspense fallback={<p className="muted">Loading …</p>}>
          {isLoaded && <PickerBox {...props} isOpen={isOpen} onOpenChange={setOpen} />}
        </Suspense>
      </div>
    </div>
  );
}
