// Which picture stands for which service and priority group.

import { svg } from "/look/vendor/lit.js";

export function icon(name) {
  return svg`<svg class="i" viewBox="0 0 24 24" aria-hidden="true"><use href="/look/icons/sprite.svg#${name}"></use></svg>`;
}

const OF_SERVICE = {
  "bao-hiem": "shield-heart",
  "bao-tro": "heart-handshake",
  "chung-thuc": "rubber-stamp",
  "cong-an": "id",
  "cong-thuong": "building-factory-2",
  "dat-dai": "map-2",
  "doanh-nghiep": "briefcase",
  "giao-duc": "school",
  "giao-thong": "steering-wheel",
  "ho-kinh-doanh": "building-store",
  "ho-tich": "users-group",
  "kinh-te": "chart-bar",
  "noi-vu": "medal",
  "nong-nghiep": "plant",
  "thue": "receipt-tax",
  "tra-ket-qua": "file-check",
  "tu-phap": "scale",
  "van-hoa": "masks-theater",
  "van-xa": "book",
  "xay-dung": "crane",
  "y-te": "stethoscope",
};

export const serviceIcon = (id) => icon(OF_SERVICE[id] ?? "file-text");
