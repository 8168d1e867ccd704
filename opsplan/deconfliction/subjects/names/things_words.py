"""Words in names of organisations and sites: legal forms, and what many have."""

import re
from types import MappingProxyType

from opsplan.deconfliction.subjects.scripts.which import Script, script_of

_LEGAL_FORMS = """
ltd limited llc llp plc inc incorporated corp corporation co company gmbh ag kg ug ohg ev bv nv sa sas sarl srl spa sl
slu sagl ab as asa aps oy oyj kft zrt rt sro spol doo dd ooo oao zao pao ao too tov chp ip pt cv tbk sdn bhd berhad
pte pty pvt private kk gk yk jsc ojsc cjsc pjsc tnhh cp
ооо оао зао пао ао ип тоо тов чп общество с ограниченной ответственностью
εε επε αε οε ικε μονοπροσωπη
有限公司 股份有限公司 有限责任公司 有限責任公司 股份公司 公司 株式会社 有限会社 合同会社 주식회사 유한회사 주 유한
บริษัท จำกัด มหาชน หจก ห้างหุ้นส่วนจำกัด ບໍລິສັດ ຈຳກັດ ក្រុមហ៊ុន ឯក ក ကုမ္ပဏီ လီမိတက် ကုမ္ပဏီလီမိတက်
شركة ذمم مساهمة المحدودة بعم בעמ חברה प्राइवेट लिमिटेड प्रा लि லிமிடெட் பிரைவேட் cty
"""
LEGAL_FORMS = frozenset(_LEGAL_FORMS.casefold().split())
LEGAL_PHRASES = re.compile(
    r"\b(?:l\.?\s?l\.?\s?c|l\.?\s?t\.?\s?d|s\.\s?a\.\s?r\.\s?l|s\.\s?r\.\s?l|s\.\s?p\.\s?a|s\.\s?a|b\.\s?v|n\.\s?v"
    r"|g\.\s?m\.\s?b\.\s?h|s\.\s?r\.\s?o|d\.\s?o\.\s?o|p\.\s?t|c\.\s?v|k\.\s?k|ذ\s?\.\s?م\s?\.\s?م"
    r"|ε\.\s?π\.\s?ε|α\.\s?ε"
    r"|ο\.\s?ε|c[ôo]ng ty(?: tnhh| c[ổo] ph[ầa]n| tr[áa]ch nhi[ệe]m h[ữu]u h[ạa]n)?"
    r"|limited liability company|joint stock company"
    r"|общество с ограниченной ответственностью|акционерное общество)\b\.?"
)
LEGAL_ENDS = (
    "股份有限公司", "有限责任公司", "有限責任公司", "有限公司", "株式会社", "有限会社", "合同会社", "公司",
    "주식회사", "유한회사",
)  # fmt: skip
LEGAL_STARTS = ("株式会社", "有限会社", "주식회사", "บริษัท", "ບໍລິສັດ", "ក្រុមហ៊ុន")

_LINKS = "and und et the of for de la el al del и та και ו و และ ແລະ និង နှင့် 和 与 與 及 와 과 và va"
LINKS = frozenset(_LINKS.split())

_GENERIC = {
    "trading": "trade traders trejding treyding trading торговый торговая трейдинг трейд 贸易 貿易 商贸 商貿 무역 "
    "การค้า "
    "thuong_mai thương_mại للتجارة التجارة סחר τραντινγκ व्यापार 商事 トレーディング εμπορικη",
    "technology": "tech technologies technological teknologi tehnologii технологии технологія 科技 技术 技術 기술 테크 "
    "เทคโนโลยี cong_nghe công_nghệ للتكنولوجيا التكنولوجيا טכנולוגיות τεχνολογια टेक्नोलॉजी テクノロジー",
    "group": "gruppe grup groupe grupp группа групп 集团 集團 그룹 กรุ๊ป กลุ่ม tap_doan tập_đoàn مجموعة קבוצת קבוצה ομιλος "
    "समूह グループ",
    "international": "intl internasional internacional интернешнл международный 国际 國際 국제 อินเตอร์เนชั่นแนล quoc_te "
    "quốc_tế الدولية للدولية בינלאומי διεθνης इंटरनेशनल インターナショナル",
    "investment": "investments invest investasi инвест инвестиции 投资 投資 투자 การลงทุน dau_tu đầu_tư للاستثمار "
    "الاستثمار השקעות επενδυσεις निवेश",
    "holding": "holdings холдинг 控股 홀딩스 โฮลดิ้ง القابضة אחזקות ホールディングス",
    "development": "developments develop девелопмент 发展 發展 개발 พัฒนา phat_trien phát_triển للتطوير פיתוח",
    "industry": "industries industrial индустрия 实业 實業 工业 工業 산업 อุตสาหกรรม cong_nghiep "
    "công_nghiệp الصناعية תעשיות",
    "service": "services servis сервис услуги 服务 服務 서비스 บริการ dich_vu dịch_vụ للخدمات الخدمات "
    "שירותים सर्विसेज",
    "logistics": "logistic logistik логистика логистик 物流 물류 โลจิสติกส์ van_tai vận_tải للوجستيات "
    "לוגיסטיקה",
    "entertainment": "entertainments развлечения 娱乐 娛樂 엔터테인먼트 บันเทิง giai_tri giải_trí الترفيه "
    "בידור",
    "hotel": "hotels resort resorts отель гостиница 酒店 宾馆 賓館 飯店 호텔 โรงแรม khach_san khách_sạn فندق מלון "
    "សណ្ឋាគារ ဟိုတယ် ξενοδοχειο होटल ホテル",
    "casino": "casinos kasino казино 赌场 賭場 카지노 คาสิโน song_bac sòng_bạc كازينو קזינו កាស៊ីណូ "
    "ကာစီနို カジノ",
    "import": "export importexport импорт экспорт 进出口 進出口 수출입 นำเข้า xuat_nhap_khau "
    "xuất_nhập_khẩu استيراد יבוא",
    "construction": "konstruksi строй строительство 建设 建設 建筑 건설 ก่อสร้าง xay_dung xây_dựng للمقاولات "
    "בנייה",
    "media": "медиа 传媒 傳媒 미디어 มีเดีย truyen_thong truyền_thông",
    "finance": "financial capital финанс капитал 金融 资本 資本 금융 การเงิน tai_chinh tài_chính "
    "للتمويل פיננסים",
    "network": "net online networks сеть онлайн 网络 網絡 네트워크",
    "compound": "park complex estate парк комплекс 园区 園區 园 園 단지 นิคม khu مجمع מתחם បរិវេណ ဥယျာဉ်",
    "building": "bldg buildings edificio gebaude корпус здание 大厦 大廈 大楼 大樓 楼 樓 栋 棟 빌딩 อาคาร ตึก "
    "toa_nha tòa_nhà toà_nhà مبنى "
    "בניין អគារ အဆောက်အဦ κτιριο भवन ビル ຕຶກ ອາຄານ தளம்",
    "block": "blk blok блок 座 区 區 블록 บล็อก بلوك בלוק ប្លុក ဘလောက် ब्लॉक ブロック",
    "floor": "flr level этаж 层 層 층 ชั้น tang tầng طابق קומה ជាន់",
    "house": "villa villas дом вилла 别墅 別墅 하우스 บ้าน วิลล่า biet_thu biệt_thự فيلا וילה ផ្ទះ",
    "street": "st str road rd avenue ave lane улица ул 路 街 거리 ถนน duong đường شارع רחוב ផ្លូវ လမ်း "
    "οδος सड़क",
    "tower": "towers burj башня 塔 타워 ทาวเวอร์ thap برج מגדל ប៉ម",
    "number": "no nr num № номер 号 號 번 เลขที่ so số رقم מספר លេខ αρ",
    "zone": "area sector зона сектор 特区 特區 구역 เขต منطقة אזור តំបន់ ဇုန်",
    "warehouse": "склад 仓库 倉庫 창고 โกดัง kho مستودع מחסן ឃ្លាំង",
    "city": "town город 城 市 시티 เมือง مدينة",
    "branch": "филиал 分公司 지점 สาขา",
}  # fmt: skip
GENERIC = MappingProxyType(
    {
        word.casefold(): meaning
        for meaning, words in _GENERIC.items()
        for word in (meaning, *words.split())
        if "_" not in word
    }
)
"""What many names have, by one English word; those of scripts without spaces are also cut from the end of a name."""
_PHRASES = {
    word.replace("_", " "): meaning for meaning, words in _GENERIC.items() for word in words.split() if "_" in word
}
PHRASES = re.compile(r"\b(?:" + "|".join(_PHRASES) + r")\b")


def of_phrase(found: re.Match[str]) -> str:
    """Give the one English word for a phrase that `PHRASES` found."""
    return _PHRASES[found.group()]


_TOGETHER = (Script.HAN, Script.HANGUL, Script.KANA, Script.THAI, Script.LAO, Script.KHMER)
WRITTEN_TOGETHER = MappingProxyType(
    {
        script: tuple(
            sorted(
                (word for word in GENERIC if script_of(word) is script and (len(word) > 1 or script is Script.HAN)),
                key=len,
                reverse=True,
            )
        )
        for script in _TOGETHER
    }
)
"""Scripts that put no spaces between words, with the words of `GENERIC` in them, long ones first."""

NUMBERS = MappingProxyType(
    {
        word: str(number)
        for number, words in enumerate(
            (
                "zero", "one", "two ii", "three iii", "four", "five", "six vi", "seven vii", "eight viii", "nine ix",
                "ten", "eleven", "twelve",
            )
        )
        for word in words.split()
    }
)  # fmt: skip
HAN_NUMBERS = MappingProxyType({each: str(number) for number, each in enumerate("零一二三四五六七八九")})
