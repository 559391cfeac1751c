// Over 300 lines: a table of the standard, a row an attribute.

/**
 * The attributes of the Application Level Confidentiality Profiles (PS3.15 table E.1-1): tag, action of the
 * Basic Profile, options, name. Actions: X remove, Z make empty, D put a dummy, U replace the UID; of several
 * the first that leaves a valid object. Options that keep a value: d dates (kept, or moved), p patient
 * characteristics, v device, i institution, u UIDs; that keep it cleaned: t descriptors, g graphics,
 * s structured content. Curves (50xx), overlays (60xx) and private attributes are rules in
 * attribute_rules.ts.
 */
export const PROFILE_TABLE = `
00001000 X u Affected SOP Instance UID
00001001 U u Requested SOP Instance UID
00020003 U u Media Storage SOP Instance UID
00041511 U u Referenced SOP Instance UID in File
00080012 X/D d Instance Creation Date
00080013 X/Z/D d Instance Creation Time
00080014 U u Instance Creator UID
00080015 X d Instance Coercion DateTime
00080017 U u Acquisition UID
00080018 U u SOP Instance UID
00080019 U u Pyramid UID
00080020 Z d Study Date
00080021 X/D d Series Date
00080022 X/Z d Acquisition Date
00080023 Z/D d Content Date
00080024 X d Overlay Date
00080025 X d Curve Date
0008002A X/Z/D d Acquisition DateTime
00080030 Z d Study Time
00080031 X/D d Series Time
00080032 X/Z d Acquisition Time
00080033 Z/D d Content Time
00080034 X d Overlay Time
00080035 X d Curve Time
00080050 Z - Accession Number
00080054 X v Retrieve AE Title
00080055 X v Station AE Title
00080058 U u Failed SOP Instance UID List
00080080 X/Z/D i Institution Name
00080081 X i Institution Address
00080082 X/Z/D i Institution Code Sequence
00080090 Z - Referring Physician's Name
00080092 X - Referring Physician's Address
00080094 X - Referring Physician's Telephone Numbers
00080096 X - Referring Physician Identification Sequence
0008009C Z - Consulting Physician's Name
0008009D X - Consulting Physician Identification Sequence
00080201 X d Timezone Offset From UTC
00081000 X v Network ID
00081010 X/Z/D v Station Name
00081030 X t Study Description
0008103E X t Series Description
00081040 X i Institutional Department Name
00081041 X i Institutional Department Type Code Sequence
00081048 X - Physician(s) of Record
00081049 X - Physician(s) of Record Identification Sequence
00081050 X - Performing Physician's Name
00081052 X - Performing Physician Identification Sequence
00081060 X - Name of Physician(s) Reading Study
00081062 X - Physician(s) Reading Study Identification Sequence
00081070 X/Z/D - Operators' Name
00081072 X/D - Operator Identification Sequence
00081080 X t Admitting Diagnoses Description
00081084 X t Admitting Diagnoses Code Sequence
00081088 X - Pyramid Description
00081110 X/Z u Referenced Study Sequence
00081111 X/Z/D u Referenced Performed Procedure Step Sequence
00081120 X - Referenced Patient Sequence
00081140 X/Z/U u Referenced Image Sequence
00081155 U u Referenced SOP Instance UID
00081195 U u Transaction UID
00081301 X t Principal Diagnosis Code Sequence
00081302 X t Primary Diagnosis Code Sequence
00081303 X t Secondary Diagnoses Code Sequence
00081304 X t Histological Diagnoses Code Sequence
00082111 X t Derivation Description
00082112 X/Z/U u Source Image Sequence
00083010 U u Irradiation Event UID
00084000 X t Identifying Comments
00100010 Z - Patient's Name
00100011 X - Person Names to Use Sequence
00100012 X - Name to Use
00100013 X t Name to Use Comment
00100014 X - Third Person Pronouns Sequence
00100015 X - Pronoun Code Sequence
00100016 X t Pronoun Comment
00100020 Z - Patient ID
00100021 X - Issuer of Patient ID
00100030 Z - Patient's Birth Date
00100032 X - Patient's Birth Time
00100033 X - Patient's Birth Date in Alternative Calendar
00100034 X - Patient's Death Date in Alternative Calendar
00100035 X - Patient's Alternative Calendar
00100040 Z p Patient's Sex
00100041 X p Gender Identity Sequence
00100042 X t Sex Parameters for Clinical Use Category Comment
00100043 X p Sex Parameters for Clinical Use Category Sequence
00100044 X p Gender Identity Code Sequence
00100045 X t Gender Identity Comment
00100050 X - Patient's Insurance Plan Code Sequence
00100101 X - Patient's Primary Language Code Sequence
00100102 X - Patient's Primary Language Modifier Code Sequence
00101000 X - Other Patient IDs
00101001 X - Other Patient Names
00101002 X - Other Patient IDs Sequence
00101005 X - Patient's Birth Name
00101010 X p Patient's Age
00101020 X p Patient's Size
00101030 X p Patient's Weight
00101040 X - Patient's Address
00101050 X - Insurance Plan Identification
00101060 X - Patient's Mother's Birth Name
00101080 X - Military Rank
00101081 X - Branch of Service
00101090 X - Medical Record Locator
00101100 X - Referenced Patient Photo Sequence
00102000 X t Medical Alerts
00102110 X t Allergies
00102150 X - Country of Residence
00102152 X - Region of Residence
00102154 X - Patient's Telephone Numbers
00102155 X - Patient's Telecom Information
00102160 X p Ethnic Group
00102161 X p Ethnic Group Code Sequence
00102162 X t Ethnic Groups
00102180 X t Occupation
001021A0 X p Smoking Status
001021B0 X t Additional Patient History
001021C0 X p Pregnancy Status
001021D0 X d Last Menstrual Date
001021F0 X - Patient's Religious Preference
00102203 X/Z p Patient's Sex Neutered
00102297 X - Responsible Person
00102299 X - Responsible Organization
00104000 X t Patient Comments
00120010 D - Clinical Trial Sponsor Name
00120020 D - Clinical Trial Protocol ID
00120021 Z - Clinical Trial Protocol Name
00120022 X - Issuer of Clinical Trial Protocol ID
00120023 X - Other Clinical Trial Protocol IDs Sequence
00120030 Z i Clinical Trial Site ID
00120031 Z i Clinical Trial Site Name
00120032 X - Issuer of Clinical Trial Site ID
00120040 D - Clinical Trial Subject ID
00120041 X - Issuer of Clinical Trial Subject ID
00120042 D - Clinical Trial Subject Reading ID
00120043 X - Issuer of Clinical Trial Subject Reading ID
00120050 Z - Clinical Trial Time Point ID
00120051 X t Clinical Trial Time Point Description
00120055 X - Issuer of Clinical Trial Time Point ID
00120060 Z i Clinical Trial Coordinating Center Name
00120071 X - Clinical Trial Series ID
00120072 X t Clinical Trial Series Description
00120073 X - Issuer of Clinical Trial Series ID
00120081 D i Clinical Trial Protocol Ethics Committee Name
00120082 X - Clinical Trial Protocol Ethics Committee Approval Number
00120086 X d Ethics Committee Approval Effectiveness Start Date
00120087 X d Ethics Committee Approval Effectiveness End Date
0014407C X d Calibration Time
0014407E X d Calibration Date
0016002B X t Maker Note
0016004B X t Device Setting Description
0016004D X - Camera Owner Name
0016004E X v Lens Specification
0016004F X v Lens Make
00160050 X v Lens Model
00160051 X v Lens Serial Number
00160070 X - GPS Version ID
00160071 X - GPS Latitude Ref
00160072 X - GPS Latitude
00160073 X - GPS Longitude Ref
00160074 X - GPS Longitude
00160075 X - GPS Altitude Ref
00160076 X - GPS Altitude
00160077 X - GPS Time Stamp
00160078 X - GPS Satellites
00160079 X - GPS Status
0016007A X - GPS Measure Mode
0016007B X - GPS DOP
0016007C X - GPS Speed Ref
0016007D X - GPS Speed
0016007E X - GPS Track Ref
0016007F X - GPS Track
00160080 X - GPS Img Direction Ref
00160081 X - GPS Img Direction
00160082 X - GPS Map Datum
00160083 X - GPS Dest Latitude Ref
00160084 X - GPS Dest Latitude
00160085 X - GPS Dest Longitude Ref
00160086 X - GPS Dest Longitude
00160087 X - GPS Dest Bearing Ref
00160088 X - GPS Dest Bearing
00160089 X - GPS Dest Distance Ref
0016008A X - GPS Dest Distance
0016008B X - GPS Processing Method
0016008C X - GPS Area Information
0016008D X d GPS Date Stamp
0016008E X - GPS Differential
00180010 Z/D t Contrast/Bolus Agent
00180027 X d Intervention Drug Stop Time
00180035 X d Intervention Drug Start Time
00181000 X/Z/D v Device Serial Number
00181002 U uv Device UID
00181004 X v Plate ID
00181005 X v Generator ID
00181007 X v Cassette ID
00181008 X v Gantry ID
00181009 X v Unique Device Identifier
0018100A X v UDI Sequence
0018100B U uv Manufacturer's Device Class UID
00181012 X d Date of Secondary Capture
00181014 X d Time of Secondary Capture
00181030 X/D t Protocol Name
00181042 X d Contrast/Bolus Start Time
00181043 X d Contrast/Bolus Stop Time
00181072 X d Radiopharmaceutical Start Time
00181073 X d Radiopharmaceutical Stop Time
00181078 X d Radiopharmaceutical Start DateTime
00181079 X d Radiopharmaceutical Stop DateTime
001811BB D t Acquisition Field Of View Label
00181200 X d Date of Last Calibration
00181201 X d Time of Last Calibration
00181202 X d DateTime of Last Calibration
00181203 Z d Calibration DateTime
00181204 X d Date of Manufacture
00181205 X d Date of Installation
00181400 X/D t Acquisition Device Processing Description
00182042 U u Target UID
00184000 X t Acquisition Comments
00185011 X v Transducer Identification Sequence
0018700A X/D v Detector ID
0018700C X/D d Date of Last Detector Calibration
0018700E X/D d Time of Last Detector Calibration
00189074 D d Frame Acquisition DateTime
00189151 X d Frame Reference DateTime
00189185 X t Respiratory Motion Compensation Technique Description
00189367 D v X-Ray Source ID
00189369 D d Source Start DateTime
0018936A D d Source End DateTime
00189371 D v X-Ray Detector ID
00189373 X v X-Ray Detector Label
0018937B X t Multi-energy Acquisition Description
0018937F X t Decomposition Description
00189424 X t Acquisition Protocol Description
00189516 X/D d Start Acquisition DateTime
00189517 X/D d End Acquisition DateTime
00189701 D d Decay Correction DateTime
00189804 D d Exclusion Start DateTime
00189919 Z d Instruction Performed DateTime
00189937 X t Requested Series Description
0018A002 X d Contribution DateTime
0018A003 X t Contribution Description
0020000D U u Study Instance UID
0020000E U u Series Instance UID
00200010 Z - Study ID
00200027 X - Pyramid Label
00200052 U u Frame of Reference UID
00200200 U u Synchronization Frame of Reference UID
00203401 X - Modifying Device ID
00203403 X d Modified Image Date
00203405 X d Modified Image Time
00203406 X - Modified Image Description
00204000 X t Image Comments
00209158 X t Frame Comments
00209161 U u Concatenation UID
00209164 U u Dimension Organization UID
00281199 U u Palette Color Lookup Table UID
00281214 U u Large Palette Color Lookup Table UID
00284000 X - Image Presentation Comments
00320012 X - Study ID Issuer
00320032 X d Study Verified Date
00320033 X d Study Verified Time
00320034 X d Study Read Date
00320035 X d Study Read Time
00321000 X d Scheduled Study Start Date
00321001 X d Scheduled Study Start Time
00321010 X d Scheduled Study Stop Date
00321011 X d Scheduled Study Stop Time
00321020 X v Scheduled Study Location
00321021 X v Scheduled Study Location AE Title
00321030 X t Reason for Study
00321032 X - Requesting Physician
00321033 X - Requesting Service
00321040 X d Study Arrival Date
00321041 X d Study Arrival Time
00321050 X d Study Completion Date
00321051 X d Study Completion Time
00321060 X/Z t Requested Procedure Description
00321066 X t Reason for Visit
00321067 X t Reason for Visit Code Sequence
00321070 X t Requested Contrast Agent
00324000 X t Study Comments
00340001 D - Flow Identifier Sequence
00340002 D - Flow Identifier
00340005 D - Source Identifier
00340007 D d Frame Origin Timestamp
00380004 X - Referenced Patient Alias Sequence
00380010 X - Admission ID
00380011 X - Issuer of Admission ID
00380014 X - Issuer of Admission ID Sequence
0038001A X d Scheduled Admission Date
0038001B X d Scheduled Admission Time
0038001C X d Scheduled Discharge Date
0038001D X d Scheduled Discharge Time
0038001E X - Scheduled Patient Institution Residence
00380020 X d Admitting Date
00380021 X d Admitting Time
00380030 X d Discharge Date
00380032 X d Discharge Time
00380040 X t Discharge Diagnosis Description
00380050 X t Special Needs
00380060 X - Service Episode ID
00380061 X - Issuer of Service Episode ID
00380062 X t Service Episode Description
00380064 X - Issuer of Service Episode ID Sequence
00380300 X - Current Patient Location
00380400 X - Patient's Institution Residence
00380500 X t Patient State
00384000 X t Visit Comments
003A0310 U u Multiplex Group UID
003A0314 D d Impedance Measurement DateTime
00400001 X v Scheduled Station AE Title
00400002 X d Scheduled Procedure Step Start Date
00400003 X d Scheduled Procedure Step Start Time
00400004 X d Scheduled Procedure Step End Date
00400005 X d Scheduled Procedure Step End Time
00400006 X - Scheduled Performing Physician's Name
00400007 X t Scheduled Procedure Step Description
00400009 X - Scheduled Procedure Step ID
0040000B X - Scheduled Performing Physician Identification Sequence
00400010 X v Scheduled Station Name
00400011 X v Scheduled Procedure Step Location
00400012 X t Pre-Medication
00400241 X v Performed Station AE Title
00400242 X v Performed Station Name
00400243 X - Performed Location
00400244 X d Performed Procedure Step Start Date
00400245 X d Performed Procedure Step Start Time
00400250 X d Performed Procedure Step End Date
00400251 X d Performed Procedure Step End Time
00400253 X - Performed Procedure Step ID
00400254 X t Performed Procedure Step Description
00400275 X t Request Attributes Sequence
00400280 X t Comments on the Performed Procedure Step
00400310 X t Comments on Radiation Dose
0040050A X - Specimen Accession Number
00400512 D - Container Identifier
00400513 Z - Issuer of the Container Identifier Sequence
0040051A X t Container Description
00400551 D - Specimen Identifier
00400554 U u Specimen UID
00400555 X/Z s Acquisition Context Sequence
00400562 Z - Issuer of the Specimen Identifier Sequence
00400600 X t Specimen Short Description
00400602 X t Specimen Detailed Description
00400610 Z s Specimen Preparation Sequence
004006FA X - Slide Identifier
00401001 X - Requested Procedure ID
00401002 X t Reason for the Requested Procedure
00401004 X - Patient Transport Arrangements
00401005 X - Requested Procedure Location
0040100A X t Reason for Requested Procedure Code Sequence
00401010 X - Names of Intended Recipients of Results
00401011 X - Intended Recipients of Results Identification Sequence
00401101 D - Person Identification Code Sequence
00401102 X - Person's Address
00401103 X - Person's Telephone Numbers
00401104 X - Person's Telecom Information
00401400 X t Requested Procedure Comments
00402001 X t Reason for the Imaging Service Request
00402004 X d Issue Date of Imaging Service Request
00402005 X d Issue Time of Imaging Service Request
00402008 X - Order Entered By
00402009 X - Order Enterer's Location
00402010 X - Order Callback Phone Number
00402011 X - Order Callback Telecom Information
00402016 Z - Placer Order Number / Imaging Service Request
00402017 Z - Filler Order Number / Imaging Service Request
00402400 X t Imaging Service Request Comments
00403001 X - Confidentiality Constraint on Patient Data Description
00404005 X d Scheduled Procedure Step Start DateTime
00404008 X d Scheduled Procedure Step Expiration DateTime
00404010 X d Scheduled Procedure Step Modification DateTime
00404011 X d Expected Completion DateTime
00404023 U u Referenced General Purpose Scheduled Procedure Step Transaction UID
00404025 X v Scheduled Station Name Code Sequence
00404027 X v Scheduled Station Geographic Location Code Sequence
00404028 X v Performed Station Name Code Sequence
00404030 X v Performed Station Geographic Location Code Sequence
00404034 X - Scheduled Human Performers Sequence
00404035 X - Actual Human Performers Sequence
00404036 X - Human Performer's Organization
00404037 X - Human Performer's Name
00404050 X d Performed Procedure Step Start DateTime
00404051 X d Performed Procedure Step End DateTime
00404052 X d Procedure Step Cancellation DateTime
0040A023 X d Findings Group Recording Date (Trial)
0040A024 X d Findings Group Recording Time (Trial)
0040A027 D - Verifying Organization
0040A030 D d Verification DateTime
0040A032 X/D d Observation DateTime
0040A033 X d Observation Start DateTime
0040A073 D - Verifying Observer Sequence
0040A075 D - Verifying Observer Name
0040A078 X - Author Observer Sequence
0040A07A X - Participant Sequence
0040A07C X - Custodial Organization Sequence
0040A082 Z d Participation DateTime
0040A088 Z - Verifying Observer Identification Code Sequence
0040A110 X d Date of Document or Verbal Transaction (Trial)
0040A112 X d Time of Document Creation or Verbal Transaction (Trial)
0040A120 D d DateTime
0040A121 D d Date
0040A122 D d Time
0040A123 D - Person Name
0040A124 U - UID
0040A13A D d Referenced DateTime
0040A171 U u Observation UID
0040A172 U u Referenced Observation UID (Trial)
0040A192 X d Observation Date (Trial)
0040A193 X d Observation Time (Trial)
0040A307 X - Current Observer (Trial)
0040A352 X - Verbal Source (Trial)
0040A353 X - Address (Trial)
0040A354 X - Telephone Number (Trial)
0040A358 X - Verbal Source Identifier Code Sequence (Trial)
0040A402 U u Observation Subject UID (Trial)
0040A730 D s Content Sequence
0040DB0C U u Template Extension Organization UID
0040DB0D U u Template Extension Creator UID
0040E004 X d HL7 Document Effective Time
0050001B X - Container Component ID
00500020 X v Device Description
00500021 X t Long Device Description
00620021 U u Tracking UID
00686226 D d Effective DateTime
00686270 D d Information Issue DateTime
00700001 D g Graphic Annotation Sequence
00700082 X d Presentation Creation Date
00700083 X d Presentation Creation Time
00700084 Z/D - Content Creator's Name
00700086 X - Content Creator's Identification Code Sequence
0070031A U u Fiducial UID
00701101 U u Presentation Display Collection UID
00701102 U u Presentation Sequence Collection UID
00880140 U u Storage Media File-set UID
00880200 X - Icon Image Sequence
00880904 X - Topic Title
00880906 X - Topic Subject
00880910 X - Topic Author
00880912 X - Topic Keywords
01000420 X d SOP Authorization DateTime
04000100 U - Digital Signature UID
04000105 D d Digital Signature DateTime
04000115 D - Certificate of Signer
04000310 X d Certified Timestamp
04000402 X - Referenced Digital Signature Sequence
04000403 X - Referenced SOP Instance MAC Sequence
04000404 X - MAC
04000550 X - Modified Attributes Sequence
04000551 X - Nonconforming Modified Attributes Sequence
04000552 X - Nonconforming Data Element Value
04000561 X - Original Attributes Sequence
04000562 D d Attribute Modification DateTime
04000563 D - Modifying System
04000564 Z - Source of Previous Values
04000565 D - Reason for the Attribute Modification
04000600 X - Instance Origin Status
20300020 X - Text String
22000002 X/Z t Label Text
22000005 X/Z - Barcode Value
30060002 D t Structure Set Label
30060004 X t Structure Set Name
30060006 X t Structure Set Description
30060008 Z d Structure Set Date
30060009 X/D d Structure Set Time
30060024 U u Referenced Frame of Reference UID
30060026 Z t ROI Name
30060028 X t ROI Description
30060038 X t ROI Generation Description
30060085 X t ROI Observation Label
30060088 X t ROI Observation Description
300600A6 Z - ROI Interpreter
300600C2 U u Related Frame of Reference UID
30080054 X/D d First Treatment Date
30080056 X/D d Most Recent Treatment Date
30080105 X/Z v Source Serial Number
30080250 X/D d Treatment Date
30080251 X/D d Treatment Time
300A0002 D t RT Plan Label
300A0003 X t RT Plan Name
300A0004 X t RT Plan Description
300A0006 X/D d RT Plan Date
300A0007 X/D d RT Plan Time
300A000E X t Prescription Description
300A0013 U u Dose Reference UID
300A0016 X t Dose Reference Description
300A0072 X t Fraction Group Description
300A0083 U u Referenced Dose Reference UID
300A00B2 X v Treatment Machine Name
300A00C3 X t Beam Description
300A00DD X t Bolus Description
300A0196 X t Fixation Device Description
300A01A6 X t Shielding Device Description
300A01B2 X t Setup Technique Description
300A0216 X v Source Manufacturer
300A02EB X t Compensator Description
300C0113 X t Reason for Omission Description
300E0004 Z d Review Date
300E0005 Z d Review Time
300E0008 X/Z - Reviewer Name
40000010 X - Arbitrary
40004000 X - Text Comments
40080042 X - Results ID Issuer
40080100 X d Interpretation Recorded Date
40080101 X d Interpretation Recorded Time
40080102 X - Interpretation Recorder
40080108 X d Interpretation Transcription Date
40080109 X d Interpretation Transcription Time
4008010A X - Interpretation Transcriber
4008010B X t Interpretation Text
4008010C X - Interpretation Author
40080111 X - Interpretation Approver Sequence
40080112 X d Interpretation Approval Date
40080113 X d Interpretation Approval Time
40080114 X - Physician Approving Interpretation
40080115 X t Interpretation Diagnosis Description
40080118 X - Results Distribution List Sequence
40080119 X - Distribution Name
4008011A X - Distribution Address
40080202 X - Interpretation ID Issuer
40080300 X t Impressions
40084000 X t Results Comments
FFFAFFFA X - Digital Signatures Sequence
FFFCFFFC X - Data Set Trailing Padding
`;
