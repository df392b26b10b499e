// What people call things: short forms and everyday words, beside those of the catalogue.
// Pure. Keys and words are folded by `search.js`, so accents here are for whoever reads.

// As people type it: as the catalogue says it, in one way or several.
export const EVERYDAY = {
  vi: {
    "dk": ["đăng ký"], "dky": ["đăng ký"], "đkks": ["đăng ký khai sinh"], "đkkh": ["đăng ký kết hôn"],
    "đkkt": ["đăng ký khai tử"], "đkkd": ["đăng ký hộ kinh doanh", "đăng ký kinh doanh", "đăng ký doanh nghiệp"],
    "cccd": ["căn cước"], "căn cước công dân": ["căn cước"], "cmnd": ["căn cước", "chứng minh nhân dân"],
    "cmt": ["căn cước", "chứng minh nhân dân"], "chứng minh thư": ["căn cước", "chứng minh nhân dân"],
    "vneid": ["căn cước điện tử", "định danh điện tử"],
    "ks": ["khai sinh"], "giấy khai sinh": ["khai sinh"], "giấy ks": ["khai sinh"], "khai sinh cho con": ["khai sinh"], "giấy khai sinh cho con": ["khai sinh"], "mới sinh": ["khai sinh"],
    "đẻ con": ["khai sinh"], "sinh con": ["khai sinh"],
    "kh": ["kết hôn"], "giấy kết hôn": ["kết hôn"], "cưới": ["kết hôn"], "lấy vợ": ["kết hôn"], "lấy chồng": ["kết hôn"],
    "độc thân": ["tình trạng hôn nhân"], "giấy độc thân": ["tình trạng hôn nhân"], "chưa vợ": ["tình trạng hôn nhân"],
    "báo tử": ["khai tử"], "chứng tử": ["khai tử"], "giấy chứng tử": ["khai tử"], "người chết": ["khai tử"],
    "trích lục": ["trích lục hộ tịch"],
    "gcn": ["giấy chứng nhận"], "gxn": ["giấy xác nhận"], "gp": ["giấy phép"], "tt": ["thông tin"],
    "qsdđ": ["quyền sử dụng đất"], "qsd": ["quyền sử dụng"], "gcnqsdđ": ["giấy chứng nhận quyền sử dụng đất"],
    "sổ đỏ": ["giấy chứng nhận quyền sử dụng đất"], "sổ hồng": ["giấy chứng nhận quyền sử dụng đất"],
    "bìa đỏ": ["giấy chứng nhận quyền sử dụng đất"], "mất sổ đỏ": ["cấp lại giấy chứng nhận do bị mất"],
    "sang tên sổ đỏ": ["biến động quyền sử dụng đất"], "mua bán đất": ["nhận chuyển nhượng quyền sử dụng đất"],
    "tách sổ": ["tách thửa"], "vay ngân hàng": ["biện pháp bảo đảm"], "thế chấp": ["biện pháp bảo đảm"],
    "hkd": ["hộ kinh doanh"], "gpkd": ["đăng ký hộ kinh doanh", "đăng ký doanh nghiệp"],
    "giấy phép kinh doanh": ["đăng ký hộ kinh doanh", "đăng ký doanh nghiệp"], "mở quán": ["thành lập hộ kinh doanh"],
    "mở tiệm": ["thành lập hộ kinh doanh"], "mở công ty": ["thành lập công ty"], "dn": ["doanh nghiệp"],
    "cty": ["công ty"], "tnhh": ["trách nhiệm hữu hạn"], "htx": ["hợp tác xã"], "vpđd": ["văn phòng đại diện"],
    "hktt": ["thường trú"], "hộ khẩu": ["thường trú"], "sổ hộ khẩu": ["thường trú"], "nhập hộ khẩu": ["đăng ký thường trú"],
    "tạm vắng": ["cư trú"], "ở trọ": ["tạm trú"], "passport": ["hộ chiếu"],
    "bằng lái": ["giấy phép lái xe"], "bằng lái xe": ["giấy phép lái xe"], "gplx": ["giấy phép lái xe"],
    "cà vẹt": ["chứng nhận đăng ký xe"], "biển số": ["biển số xe"], "giấy tờ xe": ["chứng nhận đăng ký xe"],
    "sao y": ["chứng thực bản sao"], "công chứng": ["chứng thực"], "photo công chứng": ["chứng thực bản sao"],
    "sao y bản chính": ["chứng thực bản sao từ bản chính"], "hợp đồng": ["giao dịch"], "ủy quyền": ["chữ ký", "ủy quyền"],
    "lltp": ["lý lịch tư pháp"], "gpxd": ["giấy phép xây dựng"], "sửa nhà": ["xây dựng sửa chữa"],
    "bhxh": ["bảo hiểm xã hội"], "bhyt": ["bảo hiểm y tế"], "bhtn": ["bảo hiểm thất nghiệp"], "tcth": ["trợ cấp thất nghiệp"],
    "rút bảo hiểm": ["bảo hiểm xã hội một lần"], "thẻ bảo hiểm": ["thẻ bảo hiểm y tế"], "mst": ["mã số thuế"],
    "tncn": ["thu nhập cá nhân"], "pccc": ["phòng cháy chữa cháy"], "attp": ["an toàn thực phẩm"],
    "vsattp": ["an toàn thực phẩm"], "người già": ["người cao tuổi", "hưu trí xã hội"], "ubnd": ["ủy ban nhân dân"],
    "sửa giấy khai sinh": ["cải chính hộ tịch"], "sửa khai sinh": ["cải chính hộ tịch"],
    "đổi tên": ["cải chính hộ tịch", "đổi tên"], "đổi họ": ["cải chính hộ tịch"], "mất giấy khai sinh": ["bản sao giấy khai sinh", "lại khai sinh"],
    "mất khai sinh": ["bản sao giấy khai sinh", "lại khai sinh"], "xin con nuôi": ["nuôi con nuôi"], "nhận con nuôi": ["nuôi con nuôi"],
    "căn cước cho con": ["căn cước cho người dưới 14 tuổi"], "cccd cho con": ["căn cước cho người dưới 14 tuổi"],
    "cắt khẩu": ["xóa đăng ký thường trú"], "cắt hộ khẩu": ["xóa đăng ký thường trú"], "tách khẩu": ["tách hộ"],
    "tách hộ khẩu": ["tách hộ"], "chuyển khẩu": ["đăng ký thường trú"], "chuyển hộ khẩu": ["đăng ký thường trú"],
    "xác nhận cư trú": ["xác nhận thông tin về cư trú"], "ct07": ["xác nhận thông tin về cư trú"], "visa": ["thị thực"],
    "đăng ký xe": ["đăng ký xe", "xe lần đầu"], "đăng ký xe máy": ["xe lần đầu"], "đăng ký ô tô": ["xe lần đầu"], "mua xe": ["xe lần đầu"],
    "mua xe máy": ["xe lần đầu"], "bán xe": ["sang tên xe", "thu hồi chứng nhận đăng ký xe"], "xe máy": ["xe"],
    "bằng lái xe máy": ["giấy phép lái xe"], "quán": ["hộ kinh doanh"], "quán ăn": ["hộ kinh doanh"], "quán cà phê": ["hộ kinh doanh"],
    "tiệm": ["hộ kinh doanh"], "cửa hàng": ["hộ kinh doanh"], "tạp hóa": ["hộ kinh doanh"], "mở quán ăn": ["thành lập hộ kinh doanh"],
    "mở quán cà phê": ["thành lập hộ kinh doanh"], "mở cửa hàng": ["thành lập hộ kinh doanh"], "mở shop": ["thành lập hộ kinh doanh"],
    "mở tạp hóa": ["thành lập hộ kinh doanh"], "buôn bán": ["buôn bán", "thành lập hộ kinh doanh"], "nghỉ bán": ["chấm dứt hoạt động hộ kinh doanh"],
    "đóng quán": ["chấm dứt hoạt động hộ kinh doanh"], "đóng cửa quán": ["chấm dứt hoạt động hộ kinh doanh"],
    "trợ cấp người già": ["hưởng trợ cấp hưu trí xã hội"], "trợ cấp tuổi già": ["hưởng trợ cấp hưu trí xã hội"],
    "tiền người già": ["hưởng trợ cấp hưu trí xã hội"], "người khuyết tật": ["mức độ khuyết tật", "người khuyết tật"],
    "xây nhà": ["giấy phép xây dựng"], "giấy phép xây nhà": ["cấp giấy phép xây dựng mới"], "xin phép xây nhà": ["cấp giấy phép xây dựng mới"],
    "thừa kế đất": ["biến động thừa kế quyền sử dụng đất"], "tặng đất": ["biến động tặng cho quyền sử dụng đất"],
    "cho đất": ["biến động tặng cho quyền sử dụng đất"], "lên thổ cư": ["chuyển mục đích sử dụng đất"], "thổ cư": ["mục đích sử dụng đất"],
    "tiền già": ["trợ cấp hưu trí xã hội"], "ma chay": ["mai táng"], "làm lại": ["cấp lại"], "mất": ["cấp lại"], "hỏng": ["cấp đổi", "cấp lại"],
  },
  en: {
    "driver license": ["driving licence"], "drivers license": ["driving licence"], "driving license": ["driving licence"],
    "license": ["licence"], "baby": ["birth"], "newborn": ["birth"], "wedding": ["marriage"], "married": ["marriage"],
    "single": ["marital status"], "died": ["death"], "identity card": ["id card"], "cccd": ["id card"],
    "photocopy": ["certify copy"], "notary": ["certify", "notary"], "notarize": ["certify"], "notarise": ["certify"],
    "red book": ["land use right certificate"], "title": ["certificate"], "house permit": ["building permit"],
    "company": ["enterprise", "company"], "shop": ["household business"], "business licence": ["household business", "business registration"],
    "police check": ["criminal record certificate"], "health card": ["health insurance card"], "lost": ["reissue", "lost"],
    "renew": ["exchange", "extend"], "replace": ["reissue", "exchange"], "residency": ["residence"], "car": ["vehicle"], "motorbike": ["vehicle"],
  },
};

// How a name begins that ends, undoes or reports something.
export const ENDINGS = {
  vi: ["dừng", "chấm dứt", "xóa", "hủy", "thu hồi", "giải thể", "thôi", "tạm ngừng", "gia hạn", "khôi phục", "trình báo", "miễn nhiệm",
    "khóa", "mở khóa", "thông báo", "tặng cho", "truy lĩnh"],
  en: ["close", "delete", "end", "stop", "revoke", "report", "extend", "restore", "lock", "unlock", "notify", "dismiss", "cancel"],
};

// What makes a rare kind of a common procedure: it stands after the common one, other things equal.
export const RARE = {
  vi: ["lưu động", "yếu tố nước ngoài", "người nước ngoài"],
  en: ["mobile", "foreign element", "foreigner"],
};

// Short forms that the catalogue itself uses: a row with one is found by the long form too.
export const LONG_FORMS = {
  "bhxh": "bảo hiểm xã hội", "bhyt": "bảo hiểm y tế", "bhtn": "bảo hiểm thất nghiệp", "tnlđ": "tai nạn lao động",
  "bnn": "bệnh nghề nghiệp", "tncn": "thu nhập cá nhân", "ubnd": "ủy ban nhân dân", "tnhh": "trách nhiệm hữu hạn",
};

// Words of a request rather than of a procedure: they help where they match, and are missed nowhere.
export const POLITE = {
  vi: "tôi em anh chị muốn xin làm cho của và về ở tại để giúp đi nộp hồ sơ thủ tục việc các một",
  en: "a an the of for to in my i want need get apply new how do",
};
