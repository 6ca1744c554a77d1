/** Small line drawings; always beside or in place of a word that names the action. */

function Icon({ d }: { d: string }) {
  return (
    <svg class="ra-icon" viewBox="0 0 20 20" width="20" height="20" aria-hidden="true" focusable="false">
      <path d={d} fill="none" stroke="currentColor" stroke-width="1.6" stroke-linecap="round" stroke-linejoin="round" />
    </svg>
  );
}

export const SearchIcon = () => <Icon d="M9 3.5a5.5 5.5 0 1 0 0 11a5.5 5.5 0 0 0 0-11M13 13l4 4" />;
export const MoonIcon = () => <Icon d="M16 11.5A6.5 6.5 0 0 1 8.5 4a6.5 6.5 0 1 0 7.5 7.5Z" />;
export const SunIcon = () => (
  <Icon d="M10 6.5a3.5 3.5 0 1 0 0 7a3.5 3.5 0 0 0 0-7M10 2v1.5M10 16.5V18M2 10h1.5M16.5 10H18M4.3 4.3l1 1M14.7 14.7l1 1M4.3 15.7l1-1M14.7 5.3l1-1" />
);
export const PrintIcon = () => <Icon d="M6 7V3h8v4M6 14H4V8a1 1 0 0 1 1-1h10a1 1 0 0 1 1 1v6h-2M6 12h8v5H6Z" />;
export const DownloadIcon = () => <Icon d="M10 3v9M6 8.5l4 4 4-4M4 16h12" />;
export const HelpIcon = () => <Icon d="M3 6h14v8H3ZM6 9h.01M9 9h.01M12 9h.01M14.5 9h.01M7 11.5h6" />;
export const ListIcon = () => <Icon d="M3 5h14M3 10h14M3 15h14" />;
export const BackIcon = () => <Icon d="M12 4l-6 6 6 6" />;
export const CloseIcon = () => <Icon d="M5 5l10 10M15 5L5 15" />;
export const PlayIcon = () => <Icon d="M6 4l10 6-10 6Z" />;
export const PauseIcon = () => <Icon d="M7 4v12M13 4v12" />;
export const FilterIcon = () => <Icon d="M3 4h14l-5.5 6.5V16l-3-1.5v-4Z" />;
export const HomeIcon = () => <Icon d="M3 7V3h4M13 3h4v4M17 13v4h-4M7 17H3v-4" />;
export const GlobeIcon = () => <Icon d="M10 3a7 7 0 1 0 0 14a7 7 0 0 0 0-14M3 10h14M10 3c-4 4-4 10 0 14M10 3c4 4 4 10 0 14" />;
export const PlusIcon = () => <Icon d="M10 4v12M4 10h12" />;
export const MinusIcon = () => <Icon d="M4 10h12" />;
export const LeftIcon = () => <Icon d="M12 5l-5 5 5 5" />;
export const RightIcon = () => <Icon d="M8 5l5 5-5 5" />;
