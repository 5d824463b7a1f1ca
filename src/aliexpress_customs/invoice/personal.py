"""Which keys and columns of order files hold personal data, and of what kind.

A new key is one word here. Names are compared without case, blanks and punctuation.
"""

from __future__ import annotations

from typing import Final, Literal

from aliexpress_customs.invoice.pseudonyms import Kind

_KEYS: Final[dict[Kind | Literal["places"], str]] = {
    "person": "contactname contactperson contactorname buyername buyersignerfullname firstname "
    "lastname fullname receivername recipient recipientname consigneename shippingcontactname "
    "buyerloginid loginid sellerloginid selleroperatorloginid buyernick buyernickname username "
    "receiverfullname billtoname account memberid",
    "street": "detailaddress detailaddress2 address address1 address2 localizedaddress "
    "addresssummaryinfodisplay deliveryaddress streethouse shippingdetailaddress addressline1 "
    "addressline2 consigneeaddress street houseno addressdetail",
    "city": "city recipientcity consigneecity county town",
    "places": "regionaddress shippingregionaddress",
    "phone": "fullphoneno phonenumber mobileno mobile phonearea faxnumber faxarea faxno buyerphone "
    "phone shippingphone contactnumber telephone recipientphone consigneephone phoneno",
    "tax": "cpf cpfnumber cpfno vatno vatnumber taxnumber taxid rutno rut passportno passport "
    "foreignerpassportno federaltaxid importertaxid recipienttaxid personalclearanceid pccc "
    "passportalienregistrationcardnumber",
    "tracking": "mailno originmailno logisticsno logisticno tracknumber trackingnumber tracking "
    "trackingno shiporderid",
    "email": "email emailaddress mail",
    "postcode": "postcode zip zipcode postalcode index shippingpostcode consigneezip",
    "text": "memo buyercomment sellercomment ordermemo oaid cardno accountno payeraccount "
    "trackinglink umidtoken",
}
_KIND_OF: Final = {key: kind for kind, keys in _KEYS.items() for key in keys.split()}
_PARENTS: Final[dict[str, Kind]] = {
    "receiver.name": "person",
    "receiver.phone": "phone",
    "buyer.name": "person",
    "shipto.name": "person",
    "shipto.lines": "street",
    "taxids.vat": "tax",
    "taxids.cpf": "tax",
    "taxids.rut": "tax",
    "taxids.taxid": "tax",
    "taxids.pccc": "tax",
    "parcels.internalno": "tracking",
}
"""Names that say something only below another one."""


def kind_of_key(key: str) -> Kind | Literal["places"] | None:
    """What a key holds, by its name and the one above (`receiver.name`); None = not personal.

    >>> kind_of_key("addressvo.contactname"), kind_of_key("sellervo.storename")
    ('person', None)
    """
    return _PARENTS.get(key) or _KIND_OF.get(key.rpartition(".")[2])
