import { useCombobox } from 'downshift';
import { type ChangeEvent, useEffect, useRef, useState } from 'react';

/** Of more values only the first are listed; the search finds the others. */
const MAX_LISTED = 300;

interface PickerProps {
  readonly label: string;
  readonly values: readonly string[];
  /** None: all. */
  readonly chosen: readonly string[];
  readonly onChange: (values: string[]) => void;
}

/** A field to choose some of many values, or none for all, by searching. */
export function Picker({ label, values, chosen, onChange }: PickerProps) {
  const [search, setSearch] = useState('');
  // What is chosen stays in the list when the range no longer holds it, so that it can be let go.
  const all = [...values, ...chosen.filter((value) => !values.includes(value))];
  const found = all.filter((value) => value.toLowerCase().includes(search.toLowerCase())).slice(0, MAX_LISTED);
  const { isOpen, getToggleButtonProps, getLabelProps, getMenuProps, getInputProps, getItemProps, highlightedIndex } =
    useCombobox({
      items: found,
      selectedItem: null,
      inputValue: search,
      onIsOpenChange: ({ isOpen: opens }) => {
        if (!opens) setSearch('');
      },
      stateReducer: (state, { type, changes }) =>
        type === useCombobox.stateChangeTypes.ItemClick || type === useCombobox.stateChangeTypes.InputKeyDownEnter
          ? { ...changes, isOpen: true, highlightedIndex: state.highlightedIndex, inputValue: search }
          : changes,
      onSelectedItemChange: ({ selectedItem }) => {
        if (selectedItem === null) return;
        const isChosen = chosen.includes(selectedItem);
        onChange(isChosen ? chosen.filter((each) => each !== selectedItem) : [...chosen, selectedItem]);
      },
    });
  const button = useRef<HTMLButtonElement>(null);
  const input = useRef<HTMLInputElement>(null);
  const wasOpen = useRef(false);
  useEffect(() => {
    if (isOpen) input.current?.focus();
    // A field that is hidden leaves the keyboard nowhere.
    else if (wasOpen.current && [document.body, input.current].includes(document.activeElement as HTMLElement))
      button.current?.focus();
    wasOpen.current = isOpen;
  }, [isOpen]);
  const text = chosen.length === 0 ? 'All' : chosen.length === 1 ? chosen[0] : `${chosen.length} chosen`;
  return (
    <div className="picker">
      <button type="button" className="picker-button" {...getToggleButtonProps({ ref: button })} tabIndex={0}>
        <span className="picker-label">{label}</span> <span className="picker-value">{text}</span>
      </button>
      <div className="picker-box" hidden={!isOpen}>
        <div className="picker-head">
          <label className="hidden" {...getLabelProps()}>
            Find {label}
          </label>
          <input
            type="search"
            placeholder={`Find ${label.toLowerCase()} …`}
            {...getInputProps({
              ref: input,
              // At once: what is set later moves the caret of those who type fast.
              onChange: (event: ChangeEvent<HTMLInputElement>) => setSearch(event.target.value),
            })}
          />
          <button type="button" className="quiet" disabled={chosen.length === 0} onClick={() => onChange([])}>
            All
          </button>
        </div>
        <ul className="picker-list" {...getMenuProps()}>
          {isOpen &&
            found.map((value, index) => (
              <li
                key={value}
                className={index === highlightedIndex ? 'is-highlighted' : ''}
                {...getItemProps({ item: value, index, 'aria-selected': chosen.includes(value) })}
              >
                <span className="check" aria-hidden="true">
                  {chosen.includes(value) ? '✓' : ''}
                </span>
                <span>{value}</span>
              </li>
            ))}
          {isOpen && found.length === 0 && (
            <li className="none" role="option" aria-selected={false} aria-disabled>
              Nothing found.
            </li>
          )}
        </ul>
      </div>
    </div>
  );
}
