import '../../query/grid/grid.css';
import { startPage } from '../../query/grid/startPage.ts';
import { ConnectionForm } from './connectionForm.ts';
import '../../query/grid/fields.css';
import './form.css';

startPage((post) => new ConnectionForm(document.body, post));
