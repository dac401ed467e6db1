import { useCombobox } from 'downshift';
import { type ChangeEvent, useEffect, useRef, useState } from 'react';

/** Of more values only the first are listed; the search finds the others. */
const MAX_LISTED = 300;

interface PickerBoxProps {
  readonly label: string;
  readonly values: readonly string[];
  readonly chosen: readonly string[];
  readonly isOpen: boolean;
  readonly onChange: (values: string[]) => void;
  readonly onOpenChange: (isOpen: boolean) => void;
}

/** The list of a picker, with its search. */
export function PickerBox({ label, values, chosen, isOpen, onChange, onOpenChange }: PickerBoxProps) {
  const [search, setSearch] = useState('');
  // What is chosen stays in the list when the range no longer holds it, so that it can be let go.
  const all = [...values, ...chosen.filter((value) => !values.includes(value))];
  const found = all.filter((value) => value.toLowerCase().includes(search.toLowerCase())).slice(0, MAX_LISTED);
  const { getLabelProps, getMenuProps, getInputProps, getItemProps, highlightedIndex } = useCombobox({
    items: found,
    selectedItem: null,
    inputValue: search,
    isOpen,
    onIsOpenChange: ({ isOpen: opens }) => {
      if (!opens) setSearch('');
      onOpenChange(opens);
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
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (isOpen) input.current?.focus();
  }, [isOpen]);
  return (
    <>
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
    </>
  );
}
